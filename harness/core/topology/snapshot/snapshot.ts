/** The values of one place, each as text, by the name of its property. */
export type Values = Readonly<Record<string, string>>;

/**
 * Every value of a topology that a fault can change, at one moment. A place is the name of a container, or something
 * that is asked for its own values: "Redis", "Toxiproxy", "the data". Plain data without any secret.
 */
export type Snapshot = Readonly<Record<string, Values>>;

/**
 * The property that says whether a place can be read: "running", "answers". When the state of a place differs, its
 * other values are not compared, because some are missing: a stopped container has no processes and no rules.
 */
export const STATE = 'state';
/** The state of a place that was asked for its values and did not give them. */
export const SILENT = 'does not answer';

/** Returns the places that gave no values. Nothing could be compared with them later. */
export const silentIn = (snapshot: Snapshot): readonly string[] =>
  Object.keys(snapshot).filter((place) => snapshot[place]?.[STATE] === SILENT);

/** A value that differs. `before` is absent when there was no value. `now` is absent when the value is gone. */
export interface Difference {
  readonly place: string;
  readonly property: string;
  readonly before?: string;
  readonly now?: string;
}

/** Returns every difference of two snapshots. For a place whose state differs, returns the state alone. */
export function differencesOf(before: Snapshot, now: Snapshot): Difference[] {
  const places = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return places.flatMap((place) => {
    const [was, is] = [before[place], now[place]];
    if (was === undefined || is === undefined || was[STATE] !== is[STATE])
      return [differs(place, STATE, was && (was[STATE] ?? 'there'), is && (is[STATE] ?? 'there'))];
    const properties = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
    return properties
      .filter((property) => was[property] !== is[property])
      .map((property) => differs(place, property, was[property], is[property]));
  });
}

const differs = (place: string, property: string, before?: string, now?: string): Difference => ({
  place,
  property,
  ...(before === undefined ? {} : { before }),
  ...(now === undefined ? {} : { now }),
});

/** Returns a snapshot without some of its places. */
export const without = (snapshot: Snapshot, leftOut: (place: string, values: Values) => boolean): Snapshot =>
  Object.fromEntries(Object.entries(snapshot).filter(([place, values]) => !leftOut(place, values)));

/** Puts the parts of a snapshot together. Two parts may have values of the same place. */
export function together(parts: readonly Snapshot[]): Snapshot {
  const whole: Record<string, Values> = {};
  for (const part of parts)
    for (const [place, values] of Object.entries(part)) whole[place] = { ...whole[place], ...values };
  return whole;
}

import type { GamedayEvent } from '../../harness/core/gameday/events.ts';

/** Times in the report and in the record may differ from the moments at which a script pressed a key, milliseconds. */
const WITHIN_MS = 1_000;

/** Between which moments a key was pressed, epoch milliseconds, and by what the record must have then. */
export interface Pressed {
  readonly from: number;
  readonly to: number;
  readonly is: (event: GamedayEvent) => boolean;
}

/** The moment of a person's key, epoch milliseconds; undefined for an event that no key makes. */
const keyOf = (event: GamedayEvent): number | undefined => ('at' in event ? (event.at ?? undefined) : undefined);

/** Returns the keys that the record does not have within a second of their moment. The first event that fits a key counts. */
export const keysNotIn = (events: readonly GamedayEvent[], pressed: readonly Pressed[]): readonly string[] =>
  pressed.flatMap(({ from, to, is }, n) => {
    const event = events.find(is);
    const at = (event === undefined ? undefined : keyOf(event)) ?? NaN;
    const near = at >= from - WITHIN_MS && at <= to + WITHIN_MS;
    return near ? [] : [`the record has key ${n + 1} (${event?.kind ?? 'no event'}) not at its time`];
  });

/** Returns the events that a report's log does not have within a second. `origin`: when the day began, epoch milliseconds. */
export const eventsNotIn = (
  rows: readonly (readonly [kind: string, t: number])[],
  events: readonly GamedayEvent[],
  origin: number,
): readonly string[] =>
  events.flatMap((event) => {
    const at = keyOf(event) ?? event.t;
    const has = rows.some(([kind, t]) => kind === event.kind && Math.abs(origin + t * 1_000 - at) <= WITHIN_MS);
    return has ? [] : [`the report does not have ${event.kind} at ${at}`];
  });

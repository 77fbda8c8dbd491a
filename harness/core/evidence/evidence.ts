import type { Evidence, FaultRecord } from '../fault.ts';
import type { Observation } from '../observation.ts';
import type { ContainerState } from '../topology.ts';

/** A fault's effect is judged after this time in force, milliseconds: what was in flight has ended by then. */
const SETTLE_MS = 1_000;
/** Fewer answers than these before or during the fault prove nothing. */
const LEAST = 4;
/** A number that was told this long before the decision, milliseconds, still tells how it was then. */
const FRESH_MS = 5_000;

export interface Split {
  readonly before: readonly Observation[];
  readonly during: readonly Observation[];
}

/** The observations of one observer (or of all) before the fault and while it was in force. */
export function split(record: FaultRecord, observer?: string): Split {
  const mine =
    observer === undefined ? record.observations : record.observations.filter((o) => o.observer === observer);
  const from = (record.injected ?? Infinity) + SETTLE_MS;
  const until = record.healing ?? Infinity;
  return {
    // One that was asked before the decision and answered after it may have seen the fault.
    before: mine.filter((o) => o.t + (o.rtt ?? 0) < record.injecting),
    // An answer that took until after the healing says nothing about the fault.
    during: mine.filter((o) => o.t >= from && o.t + (o.rtt ?? 0) < until - SETTLE_MS),
  };
}

/** What was seen of new connections: all but the one that is held open. */
export const onNew = (record: FaultRecord): FaultRecord => ({
  ...record,
  observations: record.observations.filter((o) => o.age === undefined),
});

/** What was seen of a connection that was open when the fault began. */
export function onOld(record: FaultRecord): Split {
  const { before, during } = split({ ...record, observations: record.observations.filter((o) => o.age !== undefined) });
  return { before, during: during.filter(({ t, age = 0 }) => age > 0 && t - age < record.injecting) };
}

/** States of the targets while the fault was in force. */
export function statesDuring(record: FaultRecord): readonly ({ readonly t: number } & ContainerState)[] {
  const from = record.injected ?? Infinity;
  const until = record.healing ?? Infinity;
  return record.states.filter((s) => s.t >= from && s.t < until);
}

/** Median of some numbers; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  if (high === undefined) return undefined;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

export const roundTrips = (observations: readonly Observation[]): number[] =>
  observations.flatMap((o) => (o.ok && o.rtt !== undefined ? [o.rtt] : []));

/** What commands printed, in the order of their looks. */
export const valuesOf = (observations: readonly Observation[]): number[] =>
  observations.flatMap((o) => (o.ok && o.value !== undefined ? [o.value] : []));

/**
 * The number that was told last before the decision; where that was long before (an earlier fault lies between, and is not
 * this one's doing), the first one after it.
 */
export function startOf(record: FaultRecord, observer: string): number | undefined {
  const looks = record.observations.filter((o) => o.observer === observer && o.ok && o.value !== undefined);
  const before = looks.findLast((o) => o.t < record.injecting && o.t >= record.injecting - FRESH_MS);
  return (before ?? looks.find((o) => o.t >= record.injecting))?.value;
}

/**
 * By how much a counter rose from the decision to the last look in force; undefined when it was not seen in force. One that
 * fell has begun anew at 0, with the process that counts.
 */
export function rise(record: FaultRecord, observer: string): number | undefined {
  const { injecting, injected = Infinity, healing = Infinity } = record;
  const looks = record.observations.filter((o) => o.observer === observer && o.t >= injecting && o.t < healing);
  let last = startOf(record, observer);
  if (last === undefined || !looks.some((o) => o.ok && o.t >= injected)) return undefined;
  let risen = 0;
  for (const value of valuesOf(looks)) {
    risen += value < last ? value : value - last;
    last = value;
  }
  return risen;
}

/** How fast a counter rose, per second, from the first look to the last; undefined of fewer than two. One that began anew counts from there. */
export function risePerS(seen: readonly Observation[]): number | undefined {
  const looks = seen.flatMap(({ t, value }) => (value === undefined ? [] : [{ t, value }]));
  const [first] = looks;
  const last = looks.at(-1);
  if (first === undefined || last === undefined || last.t <= first.t) return undefined;
  const risen = looks.reduce((sum, { value }, i) => sum + Math.max(0, value - (looks[i - 1]?.value ?? value)), 0);
  return risen / ((last.t - first.t) / 1_000);
}

export const shown = (effective: boolean, evidence: string): Evidence => ({
  effective: effective ? 'effective' : 'not effective',
  evidence,
});

/**
 * Evidence of each target for itself: nine that were hit do not speak for the tenth. `judge` tells of what its observer
 * saw, undefined when that was nothing; what is inconclusive of one is so of all.
 */
export function proveEach(
  record: FaultRecord,
  observerOf: (target: string) => string,
  unseen: Evidence,
  judge: (seen: Split, target: string) => Evidence | undefined,
): Evidence {
  const told: Evidence[] = [];
  for (const target of record.targets) {
    const seen = split(record, observerOf(target));
    const one = tooLittle(record, seen) ?? judge(seen, target) ?? unseen;
    told.push(one);
    if (one.effective === 'inconclusive') break;
  }
  const last = told.at(-1);
  if (last === undefined) return unseen;
  const evidence = told.map((one) => one.evidence).join('; ');
  if (last.effective === 'inconclusive') return { effective: 'inconclusive', evidence };
  return shown(
    told.every((one) => one.effective === 'effective'),
    evidence,
  );
}

/** How often each outcome was seen: "ECONNREFUSED 38, closed 2". */
export function tally(observations: readonly Observation[]): string {
  const counts = new Map<string, number>();
  for (const o of observations) {
    const outcome = o.ok ? 'answered' : (o.error ?? 'no answer');
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return (
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([outcome, n]) => `${outcome} ${n}`)
      .join(', ') || 'nothing seen'
  );
}

/** Inconclusive when the fault was never in force or too little was seen; undefined when there is enough to judge. */
export function tooLittle(record: FaultRecord, { before, during }: Split): Evidence | undefined {
  if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  if (before.length >= LEAST && during.length >= LEAST) return undefined;
  return {
    effective: 'inconclusive',
    evidence: `too little was seen from the consumer's side: ${before.length} answers before, ${during.length} during`,
  };
}

/** Inconclusive when what answers during the fault had not answered before it either. */
export function soundBefore({ before }: Split): Evidence | undefined {
  const answered = before.filter((o) => o.ok).length;
  if (answered >= before.length * 0.9) return undefined;
  return { effective: 'inconclusive', evidence: `not sound before the fault: ${tally(before)}` };
}

/** A healthy link before, and a consumer that used it: without them the fault may have touched nothing. */
export function usedBefore(seen: Split): Evidence | undefined {
  const doubt = soundBefore(seen);
  if (doubt !== undefined) return doubt;
  if (!seen.before.some((o) => o.established > 0)) {
    return {
      effective: 'not effective',
      evidence: 'the consumer had no connection across this link: the fault touched nothing',
    };
  }
  return undefined;
}

/** Effective when at least 90 % of what was seen during the fault is as `expected`. */
export function mostly(split: Split, expected: (o: Observation) => boolean, what: string): Evidence {
  const hits = split.during.filter(expected).length;
  const share = hits / split.during.length;
  const evidence = `${what}: ${hits} of ${split.during.length} (before: ${tally(split.before)}; during: ${tally(split.during)})`;
  return shown(share >= 0.9, evidence);
}

/**
 * Holds a fault that its median proves to having been felt by nine questions of ten: one that was lost on the way (its
 * proxy was started again, or was away) was not in force all the time.
 */
export function throughout({ during }: Split, feels: (o: Observation) => boolean, told: Evidence): Evidence {
  const felt = during.filter(feels).length;
  if (told.effective !== 'effective' || felt >= during.length * 0.9) return told;
  return {
    effective: 'not effective',
    evidence: `${told.evidence}; felt by ${felt} of ${during.length} questions only`,
  };
}

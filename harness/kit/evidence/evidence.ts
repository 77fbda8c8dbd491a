import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import type { Observation } from '../../core/record/observation.ts';
import type { ContainerState } from '../../core/topology/state.ts';

/**
 * The first and the last milliseconds of a fault that do not count. A question that was in flight when the fault began
 * has ended by then.
 */
const SETTLE_MS = 1_000;
/** Fewer readings than this before or during the fault prove nothing. */
const LEAST = 4;
/** A number that was read at most this many milliseconds before the decision counts as the number at the decision. */
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
    // A question that was asked before the decision and answered after it may have seen the fault.
    before: mine.filter((o) => o.t + (o.rtt ?? 0) < record.injecting),
    // An answer that came after the healing says nothing about the fault.
    during: mine.filter((o) => o.t >= from && o.t + (o.rtt ?? 0) < until - SETTLE_MS),
  };
}

/** The record with the observations of new connections only, without the connection that is held open. */
export const onNew = (record: FaultRecord): FaultRecord => ({
  ...record,
  observations: record.observations.filter((o) => o.age === undefined),
});

/** The observations of a held connection that was already open when the fault began. */
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

export const roundTrips = (observations: readonly Observation[]): number[] =>
  observations.flatMap((o) => (o.ok && o.rtt !== undefined ? [o.rtt] : []));

/** The numbers that were read, in order. */
export const valuesOf = (observations: readonly Observation[]): number[] =>
  observations.flatMap((o) => (o.ok && o.value !== undefined ? [o.value] : []));

/**
 * Returns the last number that was read in the 5 s before the decision. When there is none, returns the first number
 * after the decision. An older number does not count: an earlier fault may have come in between and changed the number.
 */
export function startOf(record: FaultRecord, observer: string): number | undefined {
  const readings = record.observations.filter((o) => o.observer === observer && o.ok && o.value !== undefined);
  const before = readings.findLast((o) => o.t < record.injecting && o.t >= record.injecting - FRESH_MS);
  return (before ?? readings.find((o) => o.t >= record.injecting))?.value;
}

/**
 * Returns by how much a counter rose from the decision to the last reading while the fault was in force. Returns
 * undefined when there is no such reading. A counter that fell began again at 0, because its process was started again.
 */
export function rise(record: FaultRecord, observer: string): number | undefined {
  const { injecting, injected = Infinity, healing = Infinity } = record;
  const readings = record.observations.filter((o) => o.observer === observer && o.t >= injecting && o.t < healing);
  let last = startOf(record, observer);
  if (last === undefined || !readings.some((o) => o.ok && o.t >= injected)) return undefined;
  let risen = 0;
  for (const value of valuesOf(readings)) {
    risen += value < last ? value : value - last;
    last = value;
  }
  return risen;
}

/**
 * Returns how fast a counter rose, per second, from the first reading to the last. Returns undefined for fewer than two
 * readings. A counter that fell was started again: its fall counts as 0.
 */
export function risePerS(seen: readonly Observation[]): number | undefined {
  const readings = seen.flatMap(({ t, value }) => (value === undefined ? [] : [{ t, value }]));
  const [first] = readings;
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.t <= first.t) return undefined;
  const risen = readings.reduce((sum, { value }, i) => sum + Math.max(0, value - (readings[i - 1]?.value ?? value)), 0);
  return risen / ((last.t - first.t) / 1_000);
}

export const shown = (effective: boolean, evidence: string): Evidence => ({
  effective: effective ? 'effective' : 'not effective',
  evidence,
});

/**
 * Judges each target by itself: nine targets that were hit prove nothing about the tenth. `judge` returns undefined
 * when the target's observer saw nothing. When one target is inconclusive, the whole evidence is inconclusive.
 */
export function proveEach(
  record: FaultRecord,
  observerOf: (target: string) => string,
  unseen: Evidence,
  judge: (seen: Split, target: string) => Evidence | undefined,
): Evidence {
  const proofs: Evidence[] = [];
  for (const target of record.targets) {
    const seen = split(record, observerOf(target));
    const proof = tooLittle(record, seen) ?? judge(seen, target) ?? unseen;
    proofs.push(proof);
    if (proof.effective === 'inconclusive') break;
  }
  const last = proofs.at(-1);
  if (last === undefined) return unseen;
  const evidence = proofs.map((proof) => proof.evidence).join('; ');
  if (last.effective === 'inconclusive') return { effective: 'inconclusive', evidence };
  return shown(
    proofs.every((proof) => proof.effective === 'effective'),
    evidence,
  );
}

/** How often each outcome was seen, as text: "ECONNREFUSED 38, closed 2". */
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
    evidence:
      `too few readings: ${before.length} before the fault and ${during.length} during it ` +
      `(at least ${LEAST} of each are needed)`,
  };
}

/** Inconclusive when fewer than 90 % of the readings before the fault succeeded; undefined otherwise. */
export function soundBefore({ before }: Split): Evidence | undefined {
  const answered = before.filter((o) => o.ok).length;
  if (answered >= before.length * 0.9) return undefined;
  const evidence = `fewer than 90 % of the readings before the fault succeeded: ${tally(before)}`;
  return { effective: 'inconclusive', evidence };
}

/**
 * Undefined when the link was healthy before the fault and its consumer used it. Otherwise the fault may have touched
 * nothing, and the evidence says so.
 */
export function usedBefore(seen: Split): Evidence | undefined {
  const doubt = soundBefore(seen);
  if (doubt !== undefined) return doubt;
  if (!seen.before.some((o) => o.established > 0)) {
    return {
      effective: 'not effective',
      evidence: 'the consumer had no connection across this link, so the fault touched nothing',
    };
  }
  return undefined;
}

/** Effective when at least 90 % of the readings during the fault are as `expected`. */
export function mostly(split: Split, expected: (o: Observation) => boolean, what: string): Evidence {
  const hits = split.during.filter(expected).length;
  const share = hits / split.during.length;
  const seen = `before the fault: ${tally(split.before)}; during it: ${tally(split.during)}`;
  const evidence = `${what}: ${hits} of ${split.during.length} (${seen})`;
  return shown(share >= 0.9, evidence);
}

/**
 * Effective evidence stays effective only when at least nine of ten questions during the fault show it. A toxic that
 * was lost meanwhile (its proxy was started again, or was away) was not in force all the time.
 */
export function throughout({ during }: Split, shows: (o: Observation) => boolean, proof: Evidence): Evidence {
  const showing = during.filter(shows).length;
  if (proof.effective !== 'effective' || showing >= during.length * 0.9) return proof;
  return {
    effective: 'not effective',
    evidence: `${proof.evidence}; only ${showing} of ${during.length} questions show it`,
  };
}

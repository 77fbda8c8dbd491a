import type { Quarantine } from './suite.ts';

const DAY_MS = 86_400_000;
/** A quarantine ends by itself after so many days. */
const QUARANTINE_DAYS = 14;

/** A quarantine, and whether it still counts. */
export interface Quarantined extends Quarantine {
  readonly over: boolean;
  /** The day on which it ends: "2026-12-14". */
  readonly until: string;
}

/** Returns the quarantine of an experiment at a moment, epoch milliseconds; undefined when there is none. */
export function quarantineOf(
  experiment: string,
  quarantines: readonly Quarantine[],
  now: number,
): Quarantined | undefined {
  const found = quarantines.find((one) => one.experiment === experiment);
  if (found === undefined) return undefined;
  const end = Date.parse(found.since) + QUARANTINE_DAYS * DAY_MS;
  return { ...found, over: now >= end, until: new Date(end).toISOString().slice(0, 10) };
}

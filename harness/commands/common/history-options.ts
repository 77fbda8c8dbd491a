import { basename, extname } from 'node:path';
import { parseDuration } from '../../core/duration.ts';
import { VERDICTS } from '../../core/verdict.ts';
import { badFlag } from './load-options.ts';

/** What a run or load may be listed as, beside the verdicts of runs. */
const OTHERS = ['MEASURED', 'RUNNING'];
const DAY_MS = 86_400_000;

/** Returns the name of an experiment: "redis-loss" for "experiments/redis-loss.yaml" too. */
export const experimentName = (given: string): string =>
  ['.yaml', '.yml'].includes(extname(given)) ? basename(given, extname(given)) : given;

/** Returns a verdict as it is recorded. Throws CHAOS_USAGE when there is no such verdict. */
export function knownVerdict(given: string): string {
  const verdict = given.toUpperCase().replaceAll(/[-_]/g, ' ');
  const known = [...Object.keys(VERDICTS), ...OTHERS];
  if (known.includes(verdict)) return verdict;
  throw badFlag(`--verdict ${given} is no verdict`, `Write one of: ${known.join(', ')}.`);
}

/**
 * Returns the moment that `--since` names, epoch milliseconds: a day or time in ISO 8601 (UTC where no zone is written), or
 * a time before now. Throws CHAOS_USAGE.
 */
export function sinceMs(given: string, now: number): number {
  const days = /^(\d+(?:\.\d+)?)d$/.exec(given)?.[1];
  const before = days === undefined ? parseDuration(given) : Number(days) * DAY_MS;
  if (before !== undefined) return now - before;
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(given) ? `${given}Z` : given;
  const at = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(zoned) : NaN;
  if (Number.isFinite(at)) return at;
  throw badFlag(`--since ${given} is no time`, 'Write a day (2026-11-24), a time (2026-11-24T04:30:00Z), or 7d, 12h.');
}

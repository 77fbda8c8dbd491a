import { proportionBounds, type Bounds } from '../stats.ts';
import type { CheckResult } from '../kinds/check-result.ts';
import { type Verdict, worstOf } from '../verdict.ts';
import type { Attribution } from './attribution.ts';
import type { Expected } from './suite.ts';

/** One run of an experiment of a suite, as the suite judges it. */
export interface Attempt {
  readonly run: string;
  readonly dir: string;
  /** Of the run; for a control, whether its run failed as it must. */
  readonly verdict: Verdict;
  /** Why a control's verdict is not the verdict of its run. One sentence. */
  readonly reason?: string;
  /** Whose fault it is that the run did not pass. Absent for a PASS. */
  readonly attributed?: Attribution;
}

/** The verdict of an experiment over all its attempts. `unstable`: it was asked again, and answered differently. */
export type EntryVerdict = Verdict | 'unstable';

/** What a suite says of a run of a control. */
export interface ControlJudged {
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * Judges the run of a control, whose topology or experiment has a defect. It is sound when the run fails by the check that the
 * suite names. A run that proves nothing stays what it is.
 */
export function judgeControl(
  { check }: Expected,
  { verdict, checks }: { readonly verdict: Verdict; readonly checks: readonly CheckResult[] },
): ControlJudged {
  if (verdict === 'PASS') return { verdict: 'FAIL', reason: `the run passed, so the defect was not noticed` };
  if (verdict !== 'FAIL') return { verdict, reason: `the run must fail by "${check}", and it is ${verdict}` };
  const failed = checks.filter((one) => one.verdict === 'FAIL').map(({ name }) => name);
  if (failed.some((name) => name.includes(check)))
    return { verdict: 'PASS', reason: `it failed by "${check}", as it must` };
  return { verdict: 'FAIL', reason: `it failed by ${failed.map((name) => `"${name}"`).join(', ')}, not by "${check}"` };
}

/** Verdicts after which the same question is worth asking again. */
const WORTH_ASKING: ReadonlySet<Verdict> = new Set(['FAIL', 'INCONCLUSIVE', 'NOT READY', 'ABORTED']);

/** Whether an experiment is asked once more. `again`: how often it may be. */
export function asksAgain(attempts: readonly Pick<Attempt, 'verdict'>[], again: number): boolean {
  const last = attempts.at(-1);
  return last === undefined || (attempts.length <= again && WORTH_ASKING.has(last.verdict));
}

/**
 * Returns the verdict of an experiment. A second chance never makes a PASS: with one PASS among others it is unstable, unless
 * something is worse than a failure. Undefined without attempts.
 */
export function entryVerdict(attempts: readonly Pick<Attempt, 'verdict'>[]): EntryVerdict | undefined {
  const verdicts = attempts.map(({ verdict }) => verdict);
  const worst = worstOf(verdicts);
  if (worst === undefined || !verdicts.includes('PASS')) return worst;
  if (worst === 'PASS') return 'PASS';
  return WORTH_ASKING.has(worst) ? 'unstable' : worst;
}

/** How often an experiment passed, with the 95 % interval of the share. */
export interface Passed {
  readonly passed: number;
  readonly of: number;
  readonly share: Bounds;
}

export function passedShare(attempts: readonly Pick<Attempt, 'verdict'>[]): Passed {
  const passed = attempts.filter(({ verdict }) => verdict === 'PASS').length;
  return { passed, of: attempts.length, share: proportionBounds(passed, attempts.length, 0.975) };
}

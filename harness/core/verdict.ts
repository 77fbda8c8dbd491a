import { EXIT_CODE, type Exit } from './exits.ts';

/** What one check found. No samples is INCONCLUSIVE, never PASS. */
export type CheckVerdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE';

export type Verdict = CheckVerdict | 'ABORTED' | 'NOT READY' | 'NOT RESTORED' | 'ERROR' | 'INTERRUPTED';

/** All that decides a run's verdict. */
export interface Findings {
  readonly restored: boolean;
  readonly error: boolean;
  readonly interrupted: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'killed' | undefined;
  readonly aborted: boolean;
  readonly notReady: boolean;
  /** Reasons why the run as a whole proves nothing: a fault not shown to bite, an invalid generator or record. */
  readonly invalid: boolean;
  readonly checks: readonly CheckVerdict[];
}

export interface RunVerdict {
  readonly verdict: Verdict;
  readonly exit: Exit;
}

/**
 * The run's verdict: the first that holds of NOT RESTORED, ERROR, INTERRUPTED, ABORTED, NOT READY, INCONCLUSIVE of
 * the run, FAIL, INCONCLUSIVE of a check, PASS. A run without checks proves nothing.
 */
export function judgeRun(f: Findings): RunVerdict {
  if (!f.restored) return { verdict: 'NOT RESTORED', exit: 'not-restored' };
  if (f.error) return { verdict: 'ERROR', exit: 'error' };
  if (f.interrupted !== undefined) {
    return { verdict: 'INTERRUPTED', exit: f.interrupted === 'SIGINT' ? 'interrupted' : 'terminated' };
  }
  if (f.aborted) return { verdict: 'ABORTED', exit: 'aborted' };
  if (f.notReady) return { verdict: 'NOT READY', exit: 'not-ready' };
  if (f.invalid) return { verdict: 'INCONCLUSIVE', exit: 'inconclusive' };
  if (f.checks.includes('FAIL')) return { verdict: 'FAIL', exit: 'fail' };
  if (f.checks.length === 0 || f.checks.includes('INCONCLUSIVE')) {
    return { verdict: 'INCONCLUSIVE', exit: 'inconclusive' };
  }
  return { verdict: 'PASS', exit: 'pass' };
}

export const exitCodeOf = (verdict: RunVerdict): number => EXIT_CODE[verdict.exit];

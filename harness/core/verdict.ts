import { EXIT_CODE, type Exit } from './exits.ts';

/** What one check found. No samples is INCONCLUSIVE, never PASS. */
export type CheckVerdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE';

export type Verdict = CheckVerdict | 'ABORTED' | 'NOT READY' | 'NOT RESTORED' | 'ERROR' | 'INTERRUPTED';

/** What each verdict says, and the exits that go with it. */
export const VERDICTS: Readonly<Record<Verdict, { readonly exits: readonly Exit[]; readonly meaning: string }>> = {
  PASS: {
    exits: ['pass'],
    meaning: 'Every hypothesis holds with its bounds, every fault bit, and everything was put back.',
  },
  FAIL: {
    exits: ['fail'],
    meaning: 'A hypothesis is shown not to hold: even the bound in its favour is beyond the limit.',
  },
  INCONCLUSIVE: {
    exits: ['inconclusive'],
    meaning: 'Nothing is shown: too few samples, a fault that was not shown to bite, or a run that proves nothing.',
  },
  ABORTED: {
    exits: ['aborted'],
    meaning: 'A stop condition, a limit or a person (`chaos abort`) stopped the run, and everything was put back.',
  },
  'NOT READY': {
    exits: ['not-ready'],
    meaning: 'The system or this machine was not as the experiment needs it, and nothing was broken.',
  },
  'NOT RESTORED': {
    exits: ['not-restored'],
    meaning:
      'Something could not be put back: this outranks all else. `chaos status` names it with the command that mends it.',
  },
  ERROR: { exits: ['error'], meaning: 'The harness itself failed; what it had broken was put back.' },
  INTERRUPTED: {
    exits: ['interrupted', 'terminated'],
    meaning: 'Somebody ended the run before it was over (Ctrl-C, SIGTERM, a kill), and everything was put back.',
  },
};

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

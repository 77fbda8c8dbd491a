import { EXIT_CODE, type Exit, exitAfter } from './exits.ts';

/** The verdict of one check. Without samples it is INCONCLUSIVE, never PASS. */
export type CheckVerdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE';

export type Verdict = CheckVerdict | 'ABORTED' | 'NOT READY' | 'NOT RESTORED' | 'ERROR' | 'INTERRUPTED';

/** What each verdict means, and the exits of a run with this verdict. */
export const VERDICTS: Readonly<Record<Verdict, { readonly exits: readonly Exit[]; readonly meaning: string }>> = {
  PASS: {
    exits: ['pass'],
    meaning: 'Every hypothesis holds with its bounds, every fault bit, and everything was put back.',
  },
  FAIL: {
    exits: ['fail'],
    meaning: 'At least one hypothesis does not hold: even the bound in its favour is beyond the limit.',
  },
  INCONCLUSIVE: {
    exits: ['inconclusive'],
    meaning: 'The run proves nothing: too few samples, a fault not shown to bite, or a reason found by a gate.',
  },
  ABORTED: {
    exits: ['aborted'],
    meaning: 'A stop condition, a limit or a person (`chaos abort`) stopped the run, and everything was put back.',
  },
  'NOT READY': {
    exits: ['not-ready'],
    meaning: 'The system or this machine did not have what the experiment needs. Nothing was broken.',
  },
  'NOT RESTORED': {
    exits: ['not-restored'],
    meaning: 'Something could not be put back. This outranks all else. `chaos status` names it and the repair command.',
  },
  ERROR: { exits: ['error'], meaning: 'The harness itself failed. Everything that it had broken was put back.' },
  INTERRUPTED: {
    exits: ['interrupted', 'terminated'],
    meaning: 'Somebody ended the run early (Ctrl-C, SIGTERM, a kill), and everything was put back.',
  },
};

/** Everything that decides a run's verdict. */
export interface Findings {
  readonly restored: boolean;
  readonly error: boolean;
  readonly interrupted: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'killed' | undefined;
  readonly aborted: boolean;
  readonly notReady: boolean;
  /** The run as a whole proves nothing: a fault was not shown to bite, or a gate has a reason. */
  readonly invalid: boolean;
  readonly checks: readonly CheckVerdict[];
}

export interface RunVerdict {
  readonly verdict: Verdict;
  readonly exit: Exit;
}

/**
 * Returns the run's verdict: the first that is true in the order NOT RESTORED, ERROR, INTERRUPTED, ABORTED, NOT READY,
 * INCONCLUSIVE because of the run, FAIL, INCONCLUSIVE because of a check, PASS. A run without checks is INCONCLUSIVE.
 */
export function judgeRun(f: Findings): RunVerdict {
  if (!f.restored) return { verdict: 'NOT RESTORED', exit: 'not-restored' };
  if (f.error) return { verdict: 'ERROR', exit: 'error' };
  if (f.interrupted !== undefined) {
    return { verdict: 'INTERRUPTED', exit: exitAfter(f.interrupted) };
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

/**
 * The verdicts of runs that belong together (a suite, a game day), the worst first. A FAIL comes before an INCONCLUSIVE here:
 * each run has its own evidence, and a run that proves nothing takes none from another.
 */
export const WORST_FIRST: readonly Verdict[] = [
  'NOT RESTORED',
  'ERROR',
  'INTERRUPTED',
  'ABORTED',
  'NOT READY',
  'FAIL',
  'INCONCLUSIVE',
  'PASS',
];

/** Returns the worst of the verdicts of several runs; undefined for none. */
export const worstOf = (verdicts: readonly Verdict[]): Verdict | undefined =>
  WORST_FIRST.find((verdict) => verdicts.includes(verdict));

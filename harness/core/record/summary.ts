import type { CheckVerdict } from '../verdict.ts';
import type { JudgedPhase } from '../plan/phases.ts';
import type { Figure } from '../kinds/check-result.ts';
import type { RunDocument } from './run.ts';
import type { SeriesMean } from './series-means.ts';

/** What lists and trends need of a judged run, small enough to keep a thousand of them in one file. */
export interface RunFigures {
  readonly experiment: string;
  readonly ended: string;
  readonly tags: readonly string[];
  readonly seed: number;
  /** The commit of the checkout that the run was made from, shortened; "" when there was none. */
  readonly commit: string;
  /** Whether the figures can be believed: the run went to its end, and no gate has a reason against it. */
  readonly valid: boolean;
  readonly checks: readonly SummedCheck[];
  readonly series: readonly SeriesMean[];
}

interface SummedCheck {
  readonly name: string;
  readonly during: readonly JudgedPhase[];
  readonly verdict: CheckVerdict;
  readonly figure?: Figure;
}

/** The content of a run.json. Old ones lack keys that were added later. */
type RunFile = Pick<RunDocument, 'verdict' | 'experiment' | 'ended' | 'seed' | 'checks' | 'invalid' | 'environment'> &
  Pick<Partial<RunDocument>, 'series'> & { readonly plan?: { readonly tags?: readonly string[] } };

const BELIEVED: readonly RunDocument['verdict'][] = ['PASS', 'FAIL', 'INCONCLUSIVE'];

/** Returns the figures of a run from its run.json. */
export const figuresOf = (run: RunFile): RunFigures => ({
  experiment: run.experiment,
  ended: run.ended,
  tags: run.plan?.tags ?? [],
  seed: run.seed,
  commit: run.environment.commit,
  valid: BELIEVED.includes(run.verdict) && run.invalid.length === 0,
  checks: run.checks.map(({ name, during, verdict, figure }) => ({
    name,
    during,
    verdict,
    ...(figure === undefined ? {} : { figure }),
  })),
  series: run.series ?? [],
});

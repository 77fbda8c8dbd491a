import type { Plan } from '../../core/plan/plan.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import { iso } from '../../core/clock.ts';
import type { News } from '../../core/out/delivery.ts';
import type { Ending, Followed } from '../../core/out/out.ts';

/** What a webhook tells. Keys may be added, and never changed or removed. */
export interface Message {
  readonly schema_version: 1;
  readonly news: News;
  /** Who tells it: the run itself, its guardian when the run had died, or `chaos heal`. */
  readonly by: Followed['by'];
  readonly run: string;
  readonly title: string;
  readonly experiment: string;
  readonly project: string;
  /** ISO 8601. */
  readonly started: string;
  readonly faults: readonly { readonly id: string; readonly name: string }[];
  /** What is known when the run has ended. */
  readonly ended?: string;
  readonly verdict?: Ending['verdict'];
  readonly exit_code?: number;
  readonly restored?: boolean;
  /** What decided the verdict, in one line. */
  readonly why?: string;
  readonly failed_checks?: readonly { readonly name: string; readonly expected: string; readonly observed: string }[];
  readonly residue?: Ending['residue'];
  /** The folder of the run, on the machine that made it. */
  readonly dir?: string;
}

interface Begun {
  readonly run: string;
  /** Epoch milliseconds. */
  readonly t: number;
  readonly plan: Pick<Plan, 'title' | 'name' | 'faults' | 'topology'>;
}

export const startMessage = ({ run, t, plan }: Begun, by: Followed['by']): Message => ({
  schema_version: 1,
  news: 'started',
  by,
  run,
  title: plan.title,
  experiment: plan.name,
  project: plan.topology.project,
  started: iso(t),
  faults: faultsOf(plan.faults).map(({ id, fault }) => ({ id, name: fault })),
});

export const endMessage = (ending: Ending, project: string, by: Followed['by']): Message => ({
  schema_version: 1,
  news: ending.verdict === 'NOT RESTORED' ? 'not_restored' : 'verdict',
  by,
  run: ending.run,
  title: ending.title,
  experiment: ending.experiment,
  project,
  started: ending.started,
  faults: ending.faults.map(({ id, name }) => ({ id, name })),
  ended: ending.ended,
  verdict: ending.verdict,
  exit_code: ending.exit_code,
  restored: ending.restored,
  ...whyOf(ending),
  failed_checks: failedIn(ending),
  residue: ending.residue,
  dir: ending.dir,
});

const failedIn = ({ checks }: Ending): { name: string; expected: string; observed: string }[] =>
  checks
    .filter(({ verdict }) => verdict === 'FAIL')
    .map(({ name, during, expected, observed }) => ({
      name: during.length === 0 ? name : `${name} (${during.join(', ')})`,
      expected,
      observed,
    }));

function whyOf(ending: Ending): Pick<Message, 'why'> {
  const [failed] = failedIn(ending);
  const why = ending.reason ?? (failed === undefined ? undefined : `${failed.name}: ${failed.observed}`);
  return why === undefined ? {} : { why };
}

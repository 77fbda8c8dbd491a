import { columns } from '../wording/columns.ts';
import { MEND_HEAD, mendRows, POLICY_HEAD, policyRows, type Simulated, virtualTime } from '../wording/simulation.ts';

/** Returns a table of the policies, and below it what would mend each that misses the objective. */
export function renderSimulation(simulated: Simulated): string {
  const mends = mendRows(simulated);
  return [
    `${simulated.title}: ${virtualTime(simulated.simulated_s)} in virtual time`,
    '',
    ...columns(POLICY_HEAD, policyRows(simulated)),
    ...(mends.length === 0 ? [] : ['', ...columns(MEND_HEAD, mends)]),
    '',
    '',
  ].join('\n');
}

/** A replay, in the form of `autoscale replay --json`. */
interface ShownReplay {
  readonly run: string;
  readonly with: string | null;
  readonly decisions: number;
  readonly otherwise: readonly {
    readonly at: string;
    readonly service: string;
    readonly instances: number;
    readonly was: { readonly replicas: number; readonly reason: string };
    readonly is: { readonly replicas: number; readonly reason: string };
  }[];
}

/** Returns how many decisions are as they were, and a table of the others. */
export function renderReplay({ run, with: file, decisions, otherwise }: ShownReplay): string {
  const by = file === null ? 'made again' : `by ${file}`;
  const same = `${run}: ${decisions - otherwise.length} of ${decisions} decisions are the same ${by}\n`;
  if (otherwise.length === 0) return same;
  const told = ({ replicas, reason }: { readonly replicas: number; readonly reason: string }): string =>
    `${replicas}, ${reason.replaceAll('_', ' ')}`;
  const rows = otherwise.map(({ at, service, instances, was, is }) => [
    at.slice(11, 19),
    service,
    String(instances),
    told(was),
    told(is),
  ]);
  return `${[same, ...columns(['time, UTC', 'service', 'replicas', 'decided', 'now'], rows)].join('\n')}\n`;
}

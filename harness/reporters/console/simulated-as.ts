import { columns } from '../wording/columns.ts';

/** A run beside its simulation, in the form of `autoscale simulate --as RUN --json`. */
interface ShownAs {
  readonly run: string;
  readonly services: readonly {
    readonly service: string;
    readonly replicas_before: number | null;
    readonly replicas: number;
    readonly real_s: number | null;
    readonly simulated_s: number | null;
    readonly apart_percent: number | null;
  }[];
}

const HEAD = ['service', 'replicas', 'in the run', 'simulated', 'apart'];

/** Returns how long each service took to its capacity, in a run and in virtual time. */
export function renderSimulatedAs({ run, services }: ShownAs): string {
  const time = (seconds: number | null): string => (seconds === null ? 'never' : `${seconds.toFixed(1)} s`);
  const rows = services.map(({ service, replicas_before: before, replicas, real_s, simulated_s, apart_percent }) => [
    service,
    `${before ?? '?'} to ${replicas}`,
    time(real_s),
    time(simulated_s),
    apart_percent === null ? '–' : `${apart_percent > 0 ? '+' : ''}${apart_percent.toFixed(0)} %`,
  ]);
  return [`${run}: from the step of the load until so many replicas served`, '', ...columns(HEAD, rows), '', ''].join(
    '\n',
  );
}

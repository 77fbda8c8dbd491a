import { formatDuration } from '../../core/duration.ts';
import { columns } from '../wording/columns.ts';

/** A simulation, in the form of `autoscale simulate --json`. */
interface Shown {
  readonly title: string;
  readonly simulated_s: number;
  readonly policies: readonly {
    readonly name: string;
    readonly slo_broken_s: number;
    readonly first_broken_s: number | null;
    readonly most_replicas: number;
    readonly replica_hours: number;
    readonly flaps: number;
    readonly refused: number;
    readonly mends: readonly {
      readonly change: string;
      readonly slo_broken_s: number;
      readonly replica_hours: number;
    }[];
  }[];
}

const HOUR_S = 3_600;
const time = (seconds: number): string =>
  seconds < HOUR_S
    ? formatDuration(seconds * 1_000)
    : `${Math.floor(seconds / HOUR_S)} h ${String(Math.round((seconds % HOUR_S) / 60)).padStart(2, '0')} min`;
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** Returns a table of the policies, and below it what would mend each that misses the objective. */
export function renderSimulation({ title, simulated_s, policies }: Shown): string {
  const rows = policies.map((p) => [
    p.name,
    p.slo_broken_s === 0 ? 'never' : time(p.slo_broken_s),
    p.first_broken_s === null ? '' : `after ${time(p.first_broken_s)}`,
    percent(p.refused),
    String(p.most_replicas),
    p.replica_hours.toFixed(1),
    String(p.flaps),
  ]);
  const mends = policies.flatMap(({ name, mends: all }) =>
    all
      .slice(0, 3)
      .map((mend) => [
        name,
        mend.change,
        mend.slo_broken_s === 0 ? 'never' : time(mend.slo_broken_s),
        mend.replica_hours.toFixed(1),
      ]),
  );
  return [
    `${title}: ${time(simulated_s)} in virtual time`,
    '',
    ...columns(['policy', 'objective missed for', 'first', 'refused', 'most replicas', 'replica-hours', 'flaps'], rows),
    ...(mends.length === 0
      ? []
      : ['', ...columns(['policy', 'change', 'objective missed for', 'replica-hours'], mends)]),
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

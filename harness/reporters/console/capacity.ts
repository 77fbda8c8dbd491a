import type { CapacityDocument } from '../../core/capacity/calibrated.ts';
import type { Broke } from '../../core/capacity/knee.ts';
import { formatDuration } from '../../core/duration.ts';
import { columns } from '../wording/columns.ts';
import { NONE } from '../wording/figures.ts';

type Result = CapacityDocument['results'][number];

const BROKE: Readonly<Record<Broke, string>> = {
  latency: 'latency',
  errors: 'errors',
  cpu: 'processors',
  pool: 'pool of connections',
  unknown: 'not certain',
  generator: 'generator',
};

/** What must be said beside the figures of a number of replicas. */
const NOTE: Readonly<Record<Result['known'], (result: Result) => string | undefined>> = {
  bracket: ({ broke, fails_per_s }) =>
    broke === 'unknown'
      ? `nobody could tell whether ${rate(fails_per_s)} is carried, also with a longer step: it counts as not carried`
      : undefined,
  'at least': () => 'the highest allowed rate was carried: --most allows more',
  generator: ({ generator_per_s }) =>
    `the generator's limit: at ${rate(generator_per_s)} it was late or dropped requests, so the system may carry more`,
  nothing: () => 'not even the lowest rate was carried',
  open: () => 'the time was up before the search was over: --minutes allows more',
};

const rate = (perS: number | null): string => (perS === null ? NONE : `${Number(perS.toPrecision(4))}/s`);

/** Returns a table of the numbers of replicas, and below it what else must be known of each. */
export function renderCapacity({ service, slo, results }: CapacityDocument): string {
  const errors = `${Number((slo.errors * 100).toPrecision(6))} %`;
  const rows = results.map((result) => [
    String(result.replicas),
    `${result.known === 'at least' || result.known === 'generator' ? 'at least ' : ''}${rate(result.carries_per_s)}`,
    rate(result.fails_per_s),
    result.broke === null ? NONE : BROKE[result.broke],
    String(result.steps.length),
    String(result.took_s),
  ]);
  const notes = results.flatMap((result) => {
    const note = NOTE[result.known](result);
    return note === undefined ? [] : [`${result.replicas}: ${note}`];
  });
  return [
    `${service} within p95 < ${formatDuration(slo.p95_ms)} and errors < ${errors}`,
    '',
    ...columns(['replicas', 'carries', 'does not carry', 'what broke first', 'steps', 'seconds'], rows),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    '',
  ].join('\n');
}

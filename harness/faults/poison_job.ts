import { z } from 'zod';
import { candidates } from '../core/topology/aim.ts';
import { askItself } from '../core/topology/command.ts';
import { rise, shown, soundBefore, split, type Split, tooLittle } from '../kit/evidence/evidence.ts';
import { defineFault, type FaultRecord } from '../core/kinds/fault.ts';
import { jobsOf, owePoison, takePoison } from '../kit/acts/poison.ts';
import type { TopologySpec } from '../core/topology/spec.ts';

/**
 * The id of each observer begins with this. Then comes the container whose worker counts: any worker may try any job.
 */
const FAILED = 'failed attempts at jobs, ';

/** Adds up the counter of failed attempts, whatever other labels it has. */
function counting(spec: TopologySpec): string {
  const [, metric = '', label = ''] = /^([^{]*)\{(.*)\}$/.exec(jobsOf(spec).failed) ?? [];
  return `awk '/^${metric}.*${label}/ { n += $2 } END { print n + 0 }'`;
}

export default defineFault({
  name: 'poison_job',
  summary: 'Gives the worker jobs that can never succeed: each is tried, fails, and is queued again.',
  params: z.strictObject({
    service: z
      .string()
      .default('worker')
      .meta({ description: 'The service that runs the jobs', examples: ['worker'] }),
    jobs: z
      .int()
      .min(1)
      .max(10_000)
      .default(1)
      .meta({ description: 'How many jobs', examples: [10] }),
  }),
  example: { jobs: 10 },
  requires: ['jobs', 'sql'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'take the jobs out of the queue; jobs that are already at work fail one last time',
  observers: ({ service }, spec) =>
    candidates(spec, { service }).map((container) => ({
      id: `${FAILED}counted by ${container}`,
      command: askItself(container, spec.services[service]?.port ?? 80, '/metrics', counting(spec)),
      everyMs: 1_000,
    })),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.containers.resolve({ service: params.service }, random);
    const jobs = jobsOf(topology.spec);
    await undo({ do: 'command', command: takePoison(jobs, id) });
    await topology.act(owePoison(jobs, id, params.jobs));
    return hit.map((container) => container.name);
  },
  prove(record, { jobs }) {
    const counters = record.observers.map(({ id }) => id).filter((id) => id.startsWith(FAILED));
    const seen = counters.length === 0 ? [NOTHING] : counters.map((counter) => split(record, counter));
    const doubt = seen.map((one) => tooLittle(record, one) ?? soundBefore(one)).find((one) => one !== undefined);
    if (doubt !== undefined) return doubt;
    const rises = counters.map((counter) => rise(record, counter)).filter((risen) => risen !== undefined);
    if (rises.length < counters.length)
      return { effective: 'inconclusive', evidence: 'the failed attempts were not counted during the fault' };
    const failed = sum(rises);
    const before = sum(counters.map((counter) => riseBefore(record, counter)));
    const evidence =
      `${failed} attempts at jobs failed after the fault began, ` +
      `${before} in the readings before it (${jobs} poison jobs)`;
    return shown(failed >= jobs && failed > before, evidence);
  },
});

const NOTHING: Split = { before: [], during: [] };

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Returns by how much a counter rose from its first reading to its last reading before the fault. */
function riseBefore({ observations, injecting }: FaultRecord, counter: string): number {
  const earlier = observations.filter((o) => o.observer === counter && o.t < injecting);
  return (earlier.at(-1)?.value ?? 0) - (earlier[0]?.value ?? 0);
}

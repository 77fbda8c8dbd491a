import { z } from 'zod';
import { containerName } from '../core/topology/aim.ts';
import { askItself } from '../core/topology/command.ts';
import { rise, shown, soundBefore, split, tooLittle } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { jobsOf, owePoison, takePoison } from '../kit/acts/poison.ts';
import type { TopologySpec } from '../core/topology/spec.ts';

const FAILED = 'failed attempts at jobs, as the worker counts them';

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
  observers: ({ service }, spec) => [
    {
      id: FAILED,
      command: askItself(
        containerName(spec, service, 1),
        spec.services[service]?.port ?? 80,
        '/metrics',
        counting(spec),
      ),
      everyMs: 1_000,
    },
  ],
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.containers.resolve({ service: params.service }, random);
    const jobs = jobsOf(topology.spec);
    await undo({ do: 'command', command: takePoison(jobs, id) });
    await topology.act(owePoison(jobs, id, params.jobs));
    return hit.map((container) => container.name);
  },
  prove(record, { jobs }) {
    const seen = split(record, FAILED);
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const earlier = record.observations.filter((o) => o.observer === FAILED && o.t < record.injecting);
    const before = (earlier.at(-1)?.value ?? 0) - (earlier[0]?.value ?? 0);
    const failed = rise(record, FAILED);
    if (failed === undefined)
      return { effective: 'inconclusive', evidence: 'the failed attempts were not counted during the fault' };
    const evidence =
      `${failed} attempts at jobs failed after the fault began, ` +
      `${before} in the readings before it (${jobs} poison jobs)`;
    return shown(failed >= jobs && failed > before, evidence);
  },
});

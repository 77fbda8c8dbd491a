import { z } from 'zod';
import { containerName } from '../core/aim.ts';
import { askItself } from '../core/command.ts';
import { rise, shown, soundBefore, split, tooLittle } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { owePoison, takePoison } from '../core/acts/poison.ts';

const FAILED = 'failed attempts at jobs, as the worker counts them';

const COUNT = `awk '/^jobs_total.*outcome="failed"/ { n += $2 } END { print n + 0 }'`;

export default defineFault({
  name: 'poison_job',
  summary: 'Owes the worker jobs that can never succeed: each is tried, fails, and is queued again.',
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
      .meta({ description: 'How many of them', examples: [10] }),
  }),
  example: { jobs: 10 },
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'take the jobs out of the outbox: what is queued of them fails a last time',
  observers: ({ service }, spec) => [
    {
      id: FAILED,
      command: askItself(containerName(spec, service, 1), spec.services[service]?.port ?? 80, '/metrics', COUNT),
      everyMs: 1_000,
    },
  ],
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.resolve({ service: params.service }, random);
    await undo({ do: 'command', command: takePoison(id) });
    await topology.act(owePoison(id, params.jobs));
    return hit.map((container) => container.name);
  },
  prove(record, { jobs }) {
    const seen = split(record, FAILED);
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const looks = record.observations.filter((o) => o.observer === FAILED && o.t < record.injecting);
    const before = (looks.at(-1)?.value ?? 0) - (looks[0]?.value ?? 0);
    const failed = rise(record, FAILED);
    if (failed === undefined)
      return { effective: 'inconclusive', evidence: 'the worker told nothing during the fault' };
    const evidence = `${failed} attempts at jobs failed since the fault began, ${before} in the time seen before (${jobs} poison jobs)`;
    return shown(failed >= jobs && failed > before, evidence);
  },
});

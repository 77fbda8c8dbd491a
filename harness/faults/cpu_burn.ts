import { z } from 'zod';
import { counterObservers, proveRise } from '../kit/evidence/counters.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { endMarked, startMarked } from '../kit/acts/marked.ts';
import { targetWith } from '../kit/schema.ts';

/** Each second the busy loops must add this many milliseconds of processor time: a fifth of a core. */
const LEAST_MS_PER_S = 200;

export default defineFault({
  name: 'cpu_burn',
  summary: 'Burns CPU in containers: busy loops run beside their own processes, within the same quota.',
  params: targetWith({
    workers: z
      .int()
      .min(1)
      .max(64)
      .default(1)
      .meta({ description: 'Busy loops in each container', examples: [2] }),
  }),
  example: { service: 'app', replica: 1, workers: 2 },
  aims: (target) => ({ target }),
  undoes: () => 'end the busy loops',
  observers: (target, spec) => counterObservers(spec, target, 'cpu_ms'),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.containers.resolve(params, random);
    for (const { name } of hit) {
      await undo({ do: 'command', command: endMarked(name, id) });
      await topology.act(startMarked(name, id, params.workers, ['sh', '-c', 'while :; do :; done']));
    }
    return hit.map((container) => container.name);
  },
  prove: (record) =>
    proveRise(
      record,
      'cpu_ms',
      ({ before, during }) =>
        `used ${before.toFixed(0)} ms of processor time a second before the fault, ` +
        `${during.toFixed(0)} ms during it`,
      ({ before, during }) => during >= before + LEAST_MS_PER_S,
    ),
});

import { z } from 'zod';
import { counterObservers, proveRise } from '../core/evidence/counters.ts';
import { defineFault } from '../core/fault.ts';
import { endMarked, startMarked } from '../core/acts/marked.ts';
import { targetWith } from '../core/schema.ts';

/** Milliseconds of processor a second that the burners must get beyond what was used before: a fifth of a core. */
const LEAST_MS_PER_S = 200;

export default defineFault({
  name: 'cpu_burn',
  summary: 'Burns CPU in containers: busy loops beside their own processes, within the same quota.',
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
    const hit = await topology.resolve(params, random);
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
      ({ before, during }) => `used ${before.toFixed(0)} ms of processor a second before, ${during.toFixed(0)} during`,
      ({ before, during }) => during >= before + LEAST_MS_PER_S,
    ),
});

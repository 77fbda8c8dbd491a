import { z } from 'zod';
import { counterObservers, proveRise } from '../kit/evidence/counters.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { targetWith } from '../kit/schema.ts';

/** Each second the kernel must deny a container the processor for this many milliseconds more than before the fault. */
const LEAST_MS_PER_S = 5;

export default defineFault({
  name: 'cpu_limit',
  summary: 'Lowers the CPU quota of containers: when it is used up, they wait for the next tenth of a second.',
  params: targetWith({
    // The engine accepts no lower value.
    cpus: z
      .number()
      .min(0.01)
      .meta({ description: 'Cores that a container may use at most', examples: [0.1] }),
  }),
  example: { service: 'app', replica: 1, cpus: 0.02 },
  aims: (target) => ({ target }),
  undoes: () => 'give the container its CPU quota back',
  observers: (target, spec) => counterObservers(spec, target, 'throttled_ms'),
  async inject({ params, topology, random, hold }) {
    const hit = await topology.containers.resolve(params, random);
    for (const container of hit) {
      await hold({
        place: container.name,
        what: 'cores',
        value: String(params.cpus),
        before: async () => {
          const { limits } = await topology.containers.inspect(container);
          return [{ do: 'set-limits', container, limits: { cpus: limits.cpus ?? null } }];
        },
        set: () => topology.containers.limit(container, { cpus: params.cpus }),
      });
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { cpus }) =>
    proveRise(
      record,
      'throttled_ms',
      ({ before, during }) =>
        `was denied the processor for ${before.toFixed(0)} ms a second before the fault, ` +
        `${during.toFixed(0)} ms during it (${cpus} cores at most)`,
      ({ before, during }) => during >= before + LEAST_MS_PER_S,
    ),
});

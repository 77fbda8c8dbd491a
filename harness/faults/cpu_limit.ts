import { z } from 'zod';
import { counterObservers, proveRise } from '../core/evidence/counters.ts';
import { defineFault } from '../core/fault.ts';
import { targetWith } from '../core/schema.ts';

/** Milliseconds a second for which a container must be denied the processor, beyond what it was before. */
const LEAST_MS_PER_S = 5;

export default defineFault({
  name: 'cpu_limit',
  summary: 'Lowers the CPU quota of containers: whoever has work waits for the next tenth of a second.',
  params: targetWith({
    // The engine takes no less.
    cpus: z
      .number()
      .min(0.01)
      .meta({ description: 'Cores that a container may use at most', examples: [0.1] }),
  }),
  example: { service: 'app', replica: 1, cpus: 0.02 },
  aims: (target) => ({ target }),
  undoes: () => 'give the container its CPU quota back',
  observers: (target, spec) => counterObservers(spec, target, 'throttled_ms'),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    const states = await Promise.all(hit.map((container) => topology.inspect(container)));
    for (const [i, container] of hit.entries()) {
      const limits = states[i]?.limits ?? { cpus: undefined, memoryBytes: undefined };
      await undo({ do: 'set-limits', container, limits });
      await topology.limit(container, { ...limits, cpus: params.cpus });
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { cpus }) =>
    proveRise(
      record,
      'throttled_ms',
      ({ before, during }) =>
        `denied the processor for ${before.toFixed(0)} ms a second before, ${during.toFixed(0)} during (${cpus} cores at most)`,
      ({ before, during }) => during >= before + LEAST_MS_PER_S,
    ),
});

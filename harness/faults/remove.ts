import { containerObservers, proveAway } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { target } from '../core/schema.ts';

export default defineFault({
  name: 'remove',
  summary: 'Removes containers, with what they had written outside their volumes, until they are made again.',
  params: target,
  example: { service: 'app', replica: 1 },
  aims: (target) => ({ target }),
  undoes: () => 'make the container again, with its name and number',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) await undo({ do: 'make-container', container });
    await Promise.all(hit.map((container) => topology.remove(container)));
    return hit.map((container) => container.name);
  },
  prove: (record) => proveAway(record, 'missing', (state) => state.status === 'missing'),
});

import { containerObservers, proveAway } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { target } from '../core/schema.ts';

export default defineFault({
  name: 'pause',
  summary: 'Freezes all processes of containers: connections are still accepted, nothing answers.',
  params: target,
  example: { service: 'app', replica: 1 },
  aims: (target) => ({ target }),
  undoes: () => 'unpause the container',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) await undo({ do: 'unpause-container', container });
    await Promise.all(hit.map((container) => topology.pause(container)));
    return hit.map((container) => container.name);
  },
  prove: (record) => proveAway(record, 'paused', (state) => state.paused),
});

import { containerObservers, proveAway } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { grace, targetWith } from '../core/schema.ts';

export default defineFault({
  name: 'stop',
  summary: 'Stops containers as a deploy does (SIGTERM, and SIGKILL after a grace) and keeps them down until healed.',
  params: targetWith({ grace_s: grace }),
  example: { service: 'app', replica: 1, grace_s: 10 },
  aims: (target) => ({ target }),
  undoes: () => 'start the container',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) await undo({ do: 'start-container', container });
    await Promise.all(hit.map((container) => topology.stop(container, params.grace_s)));
    return hit.map((container) => container.name);
  },
  prove: (record) => proveAway(record, 'stopped', (state) => !state.running),
});

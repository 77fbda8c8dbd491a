import { containerObservers, proveAway } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { target } from '../core/schema.ts';

export default defineFault({
  name: 'kill',
  summary: 'Kills containers (SIGKILL) and keeps them down until healed: restart policies do not act.',
  params: target,
  example: { service: 'postgres', role: 'primary' },
  aims: (target) => ({ target }),
  undoes: () => 'start the container',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) await undo({ do: 'start-container', container });
    await Promise.all(hit.map((container) => topology.kill(container)));
    return hit.map((container) => container.name);
  },
  prove: (record) => proveAway(record, 'stopped', (state) => !state.running),
});

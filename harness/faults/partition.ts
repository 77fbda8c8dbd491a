import { containerObservers, networksOf, proveAway } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { target } from '../core/schema.ts';

export default defineFault({
  name: 'partition',
  summary: 'Cuts containers off their networks: they live on, nobody reaches them, they reach nobody.',
  params: target,
  example: { service: 'postgres', role: 'primary' },
  aims: (target) => ({ target }),
  undoes: () => 'connect the container again with the same address and aliases',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) {
      for (const [network, { ip, aliases }] of networksOf(await topology.inspect(container))) {
        await undo({ do: 'connect-network', container, network, ip, aliases });
        await topology.disconnect(container, network);
      }
    }
    return hit.map((container) => container.name);
  },
  prove: (record) =>
    proveAway(
      record,
      'running and off its network',
      (state) => state.running && Object.keys(state.networks).length === 0,
    ),
});

import { containerObservers, networksOf, proveAway } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { target } from '../kit/schema.ts';

export default defineFault({
  name: 'partition',
  summary: 'Cuts containers off from their networks: they run on, but nobody reaches them and they reach nobody.',
  params: target,
  example: { service: 'postgres', role: 'primary' },
  requires: ['packets'],
  aims: (target) => ({ target }),
  undoes: () => 'connect the container again with the same address and aliases',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, hold }) {
    const hit = await topology.containers.resolve(params, random);
    for (const container of hit) {
      const { containers } = topology;
      await hold({
        place: container.name,
        what: 'networks',
        value: 'none',
        before: async () =>
          networksOf(await containers.inspect(container)).map(([network, { ip, aliases }]) => {
            return { do: 'connect-network', container, network, ip, aliases };
          }),
        set: async () => {
          const { networks } = await containers.inspect(container);
          for (const network of Object.keys(networks)) await containers.disconnect(container, network);
        },
      });
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

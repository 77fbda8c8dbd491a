import { z } from 'zod';
import { networksOf } from '../kit/evidence/containers.ts';
import { datagramObservers, proveShare } from '../kit/evidence/datagrams.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { addRules, CHAINS, removeRules, waysOf } from '../kit/acts/firewall.ts';
import { packetDirection, targetWith } from '../kit/schema.ts';

/** Returns one name or several names as a list. */
const listed = (from: string | readonly string[]): readonly string[] => (typeof from === 'string' ? [from] : from);

export default defineFault({
  name: 'partition_from',
  summary: 'Cuts containers off from some peers only, both ways or one.',
  params: targetWith({
    from: z
      .union([z.string(), z.array(z.string()).min(1)])
      .meta({ description: 'Services or groups; packets from them and to them are dropped' }),
    direction: packetDirection,
  }),
  example: { service: 'app', replica: 1, from: 'toxiproxy', direction: 'both' },
  requires: ['packets'],
  aims: ({ from, ...target }) => ({ target, from: listed(from) }),
  undoes: () => 'delete the rules in the network of the container',
  observers: (params, spec) => datagramObservers(spec, params, 'lost', listed(params.from)),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.containers.resolve(params, random);
    const peers = await Promise.all(
      listed(params.from).map((service) => topology.containers.resolve({ service }, random)),
    );
    const states = await Promise.all(peers.flat().map((peer) => topology.containers.inspect(peer)));
    const addresses = (except: string): string[] =>
      states
        .filter((state) => state.container !== except)
        .flatMap((state) => networksOf(state).map(([, { ip }]) => ip));
    for (const { name } of hit) {
      const rules = waysOf(params.direction).flatMap((way) =>
        addresses(name).map((ip) => ({ chain: CHAINS[way].chain, words: [CHAINS[way].peer, ip, '-j', 'DROP'] })),
      );
      await undo({ do: 'command', command: removeRules(name, id) });
      await topology.act(addRules(name, id, rules));
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { direction }) => proveShare(record, { direction, counts: 'lost', share: 1 }),
});

import { datagramObservers, proveShare } from '../kit/evidence/datagrams.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { addRules, CHAINS, removeRules, waysOf } from '../kit/acts/firewall.ts';
import { packetDirection, percent, targetWith } from '../kit/schema.ts';

export default defineFault({
  name: 'packet_loss',
  summary: 'Drops some of the packets of containers, each by chance.',
  params: targetWith({ loss: percent, direction: packetDirection }),
  example: { service: 'app', replica: 1, loss: 10, direction: 'in' },
  requires: ['packets'],
  aims: (target) => ({ target }),
  undoes: () => 'delete the rules in the network of the container',
  observers: (target, spec) => datagramObservers(spec, target, 'lost'),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.containers.resolve(params, random);
    const rules = waysOf(params.direction).map((way) => {
      const { chain, network } = CHAINS[way];
      const chance = ['-m', 'statistic', '--mode', 'random', '--probability', String(params.loss / 100)];
      // Packets within the container itself are not dropped.
      return { chain, words: ['!', network, 'lo', ...chance, '-j', 'DROP'] };
    });
    for (const { name } of hit) {
      await undo({ do: 'command', command: removeRules(name, id) });
      await topology.act(addRules(name, id, rules));
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { loss, direction }) => proveShare(record, { direction, counts: 'lost', share: loss / 100 }),
});

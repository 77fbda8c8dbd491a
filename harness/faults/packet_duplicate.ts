import { datagramObservers, proveShare } from '../core/evidence/datagrams.ts';
import { defineFault } from '../core/fault.ts';
import { endNetem, startNetem } from '../core/acts/netem.ts';
import { percent, targetWith } from '../core/schema.ts';

export default defineFault({
  name: 'packet_duplicate',
  summary: 'Sends some of the packets of containers twice.',
  requires: ['netem'],
  params: targetWith({ duplicate: percent }),
  example: { service: 'app', replica: 1, duplicate: 10 },
  aims: (target) => ({ target }),
  undoes: () => 'take the queue out of the network of the container',
  observers: (target, spec) => datagramObservers(spec, target, 'repeated'),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const { name } of hit) {
      await undo({ do: 'command', command: endNetem(name) });
      await topology.act(startNetem(name, ['duplicate', `${params.duplicate}%`]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { duplicate }) =>
    proveShare(record, { direction: 'out', counts: 'repeated', share: duplicate / 100 }),
});

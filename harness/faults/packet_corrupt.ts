import { datagramObservers, proveShare } from '../core/evidence/datagrams.ts';
import { defineFault } from '../core/fault.ts';
import { endNetem, startNetem } from '../core/acts/netem.ts';
import { percent, targetWith } from '../core/schema.ts';

export default defineFault({
  name: 'packet_corrupt',
  summary: 'Changes a bit in some of the packets that leave containers.',
  requires: ['netem'],
  params: targetWith({ corrupt: percent }),
  example: { service: 'app', replica: 1, corrupt: 10 },
  aims: (target) => ({ target }),
  undoes: () => 'take the queue out of the network of the container',
  observers: (target, spec) => datagramObservers(spec, target, 'lost'),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const { name } of hit) {
      await undo({ do: 'command', command: endNetem(name) });
      await topology.act(startNetem(name, ['corrupt', `${params.corrupt}%`]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { corrupt }) => proveShare(record, { direction: 'out', counts: 'lost', share: corrupt / 100 }),
});

import { datagramObservers, proveSome } from '../core/evidence/datagrams.ts';
import { defineFault } from '../core/fault.ts';
import { endNetem, startNetem } from '../core/acts/netem.ts';
import { duration, percent, targetWith } from '../core/schema.ts';

export default defineFault({
  name: 'packet_reorder',
  summary: 'Lets some of the packets that leave containers overtake the others.',
  requires: ['netem'],
  params: targetWith({ reorder: percent, delay: duration.prefault('50ms') }),
  example: { service: 'app', replica: 1, reorder: 25, delay: '50ms' },
  aims: (target) => ({ target }),
  undoes: () => 'take the queue out of the network of the container',
  observers: (target, spec) => datagramObservers(spec, target, 'late'),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const { name } of hit) {
      await undo({ do: 'command', command: endNetem(name) });
      await topology.act(startNetem(name, ['delay', `${params.delay}ms`, 'reorder', `${params.reorder}%`]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record) => proveSome(record, { direction: 'out', counts: 'late' }),
});

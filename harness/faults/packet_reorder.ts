import { datagramObservers, proveSome } from '../kit/evidence/datagrams.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { setNetem } from '../kit/acts/netem.ts';
import { duration, percent, targetWith } from '../kit/schema.ts';

export default defineFault({
  name: 'packet_reorder',
  summary: 'Lets some of the packets that leave containers overtake the others.',
  requires: ['packets', 'netem'],
  params: targetWith({ reorder: percent, delay: duration.prefault('50ms') }),
  example: { service: 'app', replica: 1, reorder: 25, delay: '50ms' },
  aims: (target) => ({ target }),
  undoes: () => 'delete the queue in the network of the container',
  observers: (target, spec) => datagramObservers(spec, target, 'late'),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    return setNetem(ctx, await topology.containers.resolve(params, random), [
      'delay',
      `${params.delay}ms`,
      'reorder',
      `${params.reorder}%`,
    ]);
  },
  prove: (record) => proveSome(record, { direction: 'out', counts: 'late' }),
});

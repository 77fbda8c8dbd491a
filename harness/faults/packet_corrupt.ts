import { datagramObservers, proveShare } from '../kit/evidence/datagrams.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { setNetem } from '../kit/acts/netem.ts';
import { percent, targetWith } from '../kit/schema.ts';

export default defineFault({
  name: 'packet_corrupt',
  summary: 'Changes a bit in some of the packets that leave containers.',
  requires: ['packets', 'netem'],
  params: targetWith({ corrupt: percent }),
  example: { service: 'app', replica: 1, corrupt: 10 },
  aims: (target) => ({ target }),
  undoes: () => 'delete the queue in the network of the container',
  observers: (target, spec) => datagramObservers(spec, target, 'lost'),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    return setNetem(ctx, await topology.containers.resolve(params, random), ['corrupt', `${params.corrupt}%`]);
  },
  prove: (record, { corrupt }) => proveShare(record, { direction: 'out', counts: 'lost', share: corrupt / 100 }),
});

import { datagramObservers, proveShare } from '../kit/evidence/datagrams.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { setNetem } from '../kit/acts/netem.ts';
import { percent, targetWith } from '../kit/schema.ts';

export default defineFault({
  name: 'packet_duplicate',
  summary: 'Sends some of the packets of containers twice.',
  requires: ['packets', 'netem'],
  params: targetWith({ duplicate: percent }),
  example: { service: 'app', replica: 1, duplicate: 10 },
  aims: (target) => ({ target }),
  undoes: () => 'delete the queue in the network of the container',
  observers: (target, spec) => datagramObservers(spec, target, 'repeated'),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    return setNetem(ctx, await topology.containers.resolve(params, random), ['duplicate', `${params.duplicate}%`]);
  },
  prove: (record, { duplicate }) =>
    proveShare(record, { direction: 'out', counts: 'repeated', share: duplicate / 100 }),
});

import { containerObservers, proveSlower } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { setNetem } from '../kit/acts/netem.ts';
import { duration, targetWith } from '../kit/schema.ts';

export default defineFault({
  name: 'packet_delay',
  summary: 'Delays every packet that leaves containers.',
  requires: ['packets', 'netem'],
  params: targetWith({ delay: duration, jitter: duration.optional() }),
  example: { service: 'app', replica: 1, delay: '100ms', jitter: '10ms' },
  aims: (target) => ({ target }),
  undoes: () => 'delete the queue in the network of the container',
  observers: (target, spec) => containerObservers(spec, target),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    return setNetem(ctx, await topology.containers.resolve(params, random), [
      'delay',
      `${params.delay}ms`,
      `${params.jitter ?? 0}ms`,
    ]);
  },
  prove: (record, { delay }) => proveSlower(record, delay),
});

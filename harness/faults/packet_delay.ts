import { containerObservers, proveSlower } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { endNetem, startNetem } from '../core/acts/netem.ts';
import { duration, targetWith } from '../core/schema.ts';

export default defineFault({
  name: 'packet_delay',
  summary: 'Delays every packet that leaves containers.',
  requires: ['netem'],
  params: targetWith({ delay: duration, jitter: duration.optional() }),
  example: { service: 'app', replica: 1, delay: '100ms', jitter: '10ms' },
  aims: (target) => ({ target }),
  undoes: () => 'take the queue out of the network of the container',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const { name } of hit) {
      await undo({ do: 'command', command: endNetem(name) });
      await topology.act(startNetem(name, ['delay', `${params.delay}ms`, `${params.jitter ?? 0}ms`]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { delay }) => proveSlower(record, delay),
});

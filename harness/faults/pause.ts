import { containerObservers, proveAway } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { target } from '../kit/schema.ts';
import { changeState } from '../kit/acts/state.ts';

export default defineFault({
  name: 'pause',
  summary: 'Freezes all processes of containers: connections are still accepted, nothing answers.',
  params: target,
  example: { service: 'app', replica: 1 },
  keeps: 'down',
  aims: (target) => ({ target }),
  undoes: () => 'unpause the container',
  observers: (target, spec) => containerObservers(spec, target),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    const hit = await topology.containers.resolve(params, random);
    return changeState(ctx, hit, {
      back: 'unpause-container',
      value: 'paused',
      act: (container) => topology.containers.pause(container),
    });
  },
  prove: (record) => proveAway(record, 'paused', (state) => state.paused),
});

import { containerObservers, proveAway } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { grace, targetWith } from '../kit/schema.ts';
import { changeState } from '../kit/acts/state.ts';

export default defineFault({
  name: 'stop',
  summary: 'Stops containers as a deploy does (SIGTERM, later SIGKILL) and keeps them down until healed.',
  params: targetWith({ grace_s: grace }),
  example: { service: 'app', replica: 1, grace_s: 10 },
  keeps: 'down',
  aims: (target) => ({ target }),
  undoes: () => 'start the container',
  observers: (target, spec) => containerObservers(spec, target),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    const hit = await topology.containers.resolve(params, random);
    return changeState(ctx, hit, {
      back: 'start-container',
      value: 'stopped',
      act: (container) => topology.containers.stop(container, params.grace_s),
    });
  },
  prove: (record) => proveAway(record, 'stopped', (state) => !state.running),
});

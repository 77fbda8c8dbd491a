import { containerObservers, proveAway } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { target } from '../kit/schema.ts';
import { changeState } from '../kit/acts/state.ts';

export default defineFault({
  name: 'kill',
  summary: 'Kills containers (SIGKILL) and keeps them down until healed: restart policies do not act.',
  params: target,
  example: { service: 'postgres', role: 'primary' },
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
      act: (container) => topology.containers.kill(container),
    });
  },
  prove: (record) => proveAway(record, 'stopped', (state) => !state.running),
});

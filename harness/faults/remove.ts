import { containerObservers, proveAway } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { target } from '../kit/schema.ts';
import { changeState } from '../kit/acts/state.ts';

export default defineFault({
  name: 'remove',
  summary: 'Removes containers and everything that they wrote outside their volumes, until healed.',
  params: target,
  example: { service: 'app', replica: 1 },
  keeps: 'gone',
  aims: (target) => ({ target }),
  undoes: () => 'create the container again, with its name and number',
  observers: (target, spec) => containerObservers(spec, target),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    const hit = await topology.containers.resolve(params, random);
    return changeState(ctx, hit, {
      back: 'make-container',
      value: 'gone',
      act: (container) => topology.containers.remove(container),
    });
  },
  prove: (record) => proveAway(record, 'missing', (state) => state.status === 'missing'),
});

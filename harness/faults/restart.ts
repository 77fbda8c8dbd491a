import { shown } from '../kit/evidence/evidence.ts';
import { consumersSince, containerObservers, startsOf } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { grace, targetWith } from '../kit/schema.ts';
import { changeState } from '../kit/acts/state.ts';

export default defineFault({
  name: 'restart',
  summary: 'Restarts containers once: SIGTERM, SIGKILL after a grace period, and a new start at once.',
  params: targetWith({ grace_s: grace }),
  example: { service: 'app', replica: 1, grace_s: 10 },
  aims: (target) => ({ target }),
  undoes: () => 'start the container if its restart was cut short',
  passes: 'the container is back at once',
  observers: (target, spec) => containerObservers(spec, target),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    const hit = await topology.containers.resolve(params, random);
    return changeState(ctx, hit, {
      back: 'start-container',
      value: undefined,
      act: (container) => topology.containers.restart(container, params.grace_s),
    });
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    if (record.states.every((state) => state.t < record.injecting)) {
      return { effective: 'inconclusive', evidence: 'the state of the target was never read' };
    }
    const started = record.targets.filter((name) => startsOf(record, name).length > 0).length;
    const evidence =
      `${started} of ${record.targets.length} main processes started after the fault began` + consumersSince(record);
    return shown(started === record.targets.length, evidence);
  },
});

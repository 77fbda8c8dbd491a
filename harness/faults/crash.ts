import { containerObservers } from '../kit/evidence/containers.ts';
import { shown, statesDuring, tally } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { target } from '../kit/schema.ts';
import { changeState } from '../kit/acts/state.ts';

export default defineFault({
  name: 'crash',
  summary: 'Ends the main process of containers (SIGKILL from outside the engine), so restart policies act.',
  params: target,
  example: { service: 'app', replica: 1 },
  aims: (target) => ({ target }),
  undoes: () => 'start the container if its restart policy has not',
  passes: 'the restart policy starts the container again at once',
  observers: (target, spec) => containerObservers(spec, target),
  async inject(ctx) {
    const { params, topology, random } = ctx;
    const hit = await topology.containers.resolve(params, random);
    return changeState(ctx, hit, {
      back: 'start-container',
      value: undefined,
      act: (container) => topology.containers.crash(container),
    });
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    const states = statesDuring(record);
    if (states.length === 0) return { effective: 'inconclusive', evidence: 'the state of the target was never read' };
    // The engine notes the end of the old process and the start of the new one.
    const crashed = record.targets.filter((name) =>
      states.some((s) => s.container === name && s.finishedAt >= record.injecting - 1),
    );
    const since = record.observations.filter((o) => o.t >= record.injecting);
    const restarts = states.filter((s) => s.startedAt >= record.injecting).length;
    const evidence =
      `${crashed.length} of ${record.targets.length} main processes ended after the fault began; ` +
      `a new start was seen in ${restarts} of ${states.length} readings; the consumer since then: ${tally(since)}`;
    return shown(crashed.length === record.targets.length, evidence);
  },
});

import { containerObservers } from '../core/evidence/containers.ts';
import { shown, statesDuring, tally } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { target } from '../core/schema.ts';

export default defineFault({
  name: 'crash',
  summary: 'Ends the main process of containers (SIGKILL from outside the engine): restart policies act.',
  params: target,
  example: { service: 'app', replica: 1 },
  aims: (target) => ({ target }),
  undoes: () => 'start the container where its restart policy has not',
  passes: 'the restart policy acts at once',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) await undo({ do: 'start-container', container });
    await Promise.all(hit.map((container) => topology.crash(container)));
    return hit.map((container) => container.name);
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    const states = statesDuring(record);
    if (states.length === 0) return { effective: 'inconclusive', evidence: 'the state of the target was never seen' };
    // The engine notes the end of the old process and the start of the new one.
    const crashed = record.targets.filter((name) =>
      states.some((s) => s.container === name && s.finishedAt >= record.injecting - 1),
    );
    const restarts = states.filter((s) => s.startedAt >= record.injecting).length;
    const evidence =
      `${crashed.length} of ${record.targets.length} main processes ended after the decision; ` +
      `restarted in ${restarts} of ${states.length} looks; consumer during: ${tally(record.observations.filter((o) => o.t >= record.injecting))}`;
    return shown(crashed.length === record.targets.length, evidence);
  },
});

import { shown } from '../core/evidence/evidence.ts';
import { consumersSince, containerObservers, startsOf } from '../core/evidence/containers.ts';
import { defineFault } from '../core/fault.ts';
import { grace, targetWith } from '../core/schema.ts';

export default defineFault({
  name: 'restart',
  summary: 'Restarts containers once (SIGTERM, SIGKILL after a grace, and at once a new start).',
  params: targetWith({ grace_s: grace }),
  example: { service: 'app', replica: 1, grace_s: 10 },
  aims: (target) => ({ target }),
  undoes: () => 'start the container where its restart was cut short',
  passes: 'the container is back at once',
  observers: (target, spec) => containerObservers(spec, target),
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) await undo({ do: 'start-container', container });
    await Promise.all(hit.map((container) => topology.restart(container, params.grace_s)));
    return hit.map((container) => container.name);
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    if (record.states.every((state) => state.t < record.injecting)) {
      return { effective: 'inconclusive', evidence: 'the state of the target was never seen' };
    }
    const begun = record.targets.filter((name) => startsOf(record, name).length > 0).length;
    const evidence = `${begun} of ${record.targets.length} main processes began after the decision${consumersSince(record)}`;
    return shown(begun === record.targets.length, evidence);
  },
});

import { z } from 'zod';
import { counterId, counterObservers } from '../kit/evidence/counters.ts';
import { ChaosError } from '../core/errors.ts';
import { median } from '../core/stats.ts';
import { proveEach, shown, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault, type Evidence, type FaultRecord } from '../core/kinds/fault.ts';
import { endMarked, startMarked } from '../kit/acts/marked.ts';
import { lowerOomScore, raiseOomScore } from '../kit/acts/processes.ts';
import { changeState } from '../kit/acts/state.ts';
import { MIB, size, targetWith } from '../kit/schema.ts';

/** Bytes. The engine accepts no lower limit. */
const LEAST_LIMIT = 6 * MIB;
/** Bytes. The kernel counts whole pages. */
const PAGE = 4_096;

export default defineFault({
  name: 'memory_squeeze',
  summary:
    'Lowers the memory limit of containers to what they use and a little more, or fills it until the kernel kills.',
  params: targetWith({
    free: size
      .prefault('16MiB')
      .meta({ description: 'How much stays free beyond the memory in use', examples: ['16MiB'] }),
    until_oom: z.boolean().default(false).meta({
      description: 'Fill the rest, until the kernel ends the main process because no memory is left',
    }),
  }),
  example: { service: 'app', replica: 1, free: '16MiB' },
  aims: (target) => ({ target }),
  undoes: ({ until_oom: untilOom }) =>
    `give the container its memory limit back${untilOom ? ', end what fills it, and start it if it is down' : ''}`,
  observers: (target, spec) => counterObservers(spec, target, 'memory_free'),
  async inject(ctx) {
    const { id, params, topology, random, undo, hold } = ctx;
    const hit = await topology.containers.resolve(params, random);
    for (const container of hit) {
      const { limits } = await topology.containers.inspect(container);
      if (limits.memoryBytes === undefined) throw unlimited(container.name);
      const used = limits.memoryBytes - (await topology.containers.counters(container.name)).memory_free;
      const squeezed = Math.max(LEAST_LIMIT, Math.ceil((used + params.free) / PAGE) * PAGE);
      // Another fault may have lowered the present limit, so the limit of the compose file counts.
      const usual = topology.spec.services[container.service]?.limits.memoryBytes ?? limits.memoryBytes;
      const memoryBytes = Math.min(squeezed, usual);
      await hold({
        place: container.name,
        what: 'memory',
        value: inMiB(memoryBytes),
        before: () => [{ do: 'set-limits', container, limits: { memoryBytes: limits.memoryBytes ?? null } }],
        set: () => topology.containers.limit(container, { memoryBytes }),
      });
      if (!params.until_oom) continue;
      await undo({ do: 'command', command: endMarked(container.name, id) });
      await hold({
        place: container.name,
        what: 'turn when memory is short',
        value: 'first',
        before: () => [{ do: 'command', command: lowerOomScore(container.name) }],
        set: () => topology.act(raiseOomScore(container.name)),
      });
      // The last step is undone first: no process can be ended in a container that is down.
      await changeState(ctx, [container], {
        back: 'start-container',
        value: undefined,
        act: () => topology.act(startMarked(container.name, id, 1, ['tail', '/dev/zero'])),
      });
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { free, until_oom: untilOom }) => (untilOom ? proveKilled(record) : proveSqueezed(record, free)),
});

const unlimited = (container: string): ChaosError =>
  new ChaosError('CHAOS_NO_LIMIT', {
    what: `${container} has no memory limit, and the engine cannot remove a limit once it is set`,
    hint: 'Give its service a mem_limit in the compose file.',
    exit: 'not-ready',
  });

const inMiB = (size: number): string => `${(size / MIB).toFixed(1)} MiB`;

/**
 * Effective when the free memory beyond `free` shrank by at least half. The memory in use goes up and down by itself.
 */
function proveSqueezed(record: FaultRecord, free: number): Evidence {
  const idOf = (name: string): string => counterId(name, 'memory_free');
  return proveEach(record, idOf, UNSEEN, (seen, name) => {
    const [before, during] = [median(valuesOf(seen.before)), median(valuesOf(seen.during))];
    if (before === undefined || during === undefined) return undefined;
    return shown(
      before > free && during <= before - (before - free) / 2,
      `${name}: ${inMiB(before)} free before the fault, ${inMiB(during)} during it (${inMiB(free)} asked for)`,
    );
  });
}

/** The end of the main process decides. The engine forgets an OOM kill as soon as the container is started again. */
function proveKilled(record: FaultRecord): Evidence {
  if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const states = record.states.filter((s) => s.t >= record.injecting);
  if (states.length === 0) return UNSEEN;
  const ended = record.targets.filter((name) =>
    states.some((s) => s.container === name && s.finishedAt >= record.injecting - 1),
  );
  const oomKills = states.filter((s) => s.oomKilled).length;
  const evidence =
    `${ended.length} of ${record.targets.length} main processes ended after the fault began; ` +
    `the engine called it an OOM kill in ${oomKills} of ${states.length} readings`;
  return shown(ended.length === record.targets.length, evidence);
}

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'the memory of the target was not read' };

import { z } from 'zod';
import { counterId, counterObservers } from '../core/evidence/counters.ts';
import { ChaosError } from '../core/errors.ts';
import { median, proveEach, shown, valuesOf } from '../core/evidence/evidence.ts';
import { defineFault, type Evidence, type FaultRecord } from '../core/fault.ts';
import { endMarked, startMarked } from '../core/acts/marked.ts';
import { lowerOomScore, MAIN_PROCESS } from '../core/acts/processes.ts';
import { MIB, size, targetWith } from '../core/schema.ts';

/** The engine takes no lower limit. */
const LEAST_LIMIT = 6 * MIB;
/** The kernel counts whole ones. */
const PAGE = 4_096;

/**
 * The kernel picks the largest process of those that may go first: the main one, whose end is what a leak ends in. The
 * hog is only there to use up what is left.
 */
const FILL = `${MAIN_PROCESS}
echo 1000 >"/proc/$main/oom_score_adj"
exec tail /dev/zero`;
export default defineFault({
  name: 'memory_squeeze',
  summary:
    'Lowers the memory limit of containers to what they use and a little more, or fills it until the kernel kills.',
  params: targetWith({
    free: size.prefault('16MiB').meta({ description: 'What is left beyond what is in use', examples: ['16MiB'] }),
    until_oom: z.boolean().default(false).meta({
      description: 'Fill what is left, until the kernel ends the main process for want of memory',
    }),
  }),
  example: { service: 'app', replica: 1, free: '16MiB' },
  aims: (target) => ({ target }),
  undoes: ({ until_oom: untilOom }) =>
    `give the container its memory limit back${untilOom ? ', end what fills it, and start it where it is down' : ''}`,
  observers: (target, spec) => counterObservers(spec, target, 'memory_free'),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    for (const container of hit) {
      const { limits } = await topology.inspect(container);
      if (limits.memoryBytes === undefined) throw unlimited(container.name);
      const used = limits.memoryBytes - (await topology.counters(container.name)).memory_free;
      const squeezed = Math.max(LEAST_LIMIT, Math.ceil((used + params.free) / PAGE) * PAGE);
      await undo({ do: 'set-limits', container, limits });
      if (params.until_oom) {
        await undo({ do: 'command', command: lowerOomScore(container.name) });
        await undo({ do: 'command', command: endMarked(container.name, id) });
        // The last is undone first: nothing can be ended in what is down.
        await undo({ do: 'start-container', container });
      }
      await topology.limit(container, { ...limits, memoryBytes: Math.min(squeezed, limits.memoryBytes) });
      if (params.until_oom) await topology.act(startMarked(container.name, id, 1, ['sh', '-c', FILL]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { free, until_oom: untilOom }) => (untilOom ? proveKilled(record) : proveSqueezed(record, free)),
});

const unlimited = (container: string): ChaosError =>
  new ChaosError('CHAOS_NO_LIMIT', {
    what: `${container} has no memory limit, and the engine could not take one away again`,
    hint: 'Give its service a mem_limit in the compose file.',
    exit: 'not-ready',
  });

const inMiB = (size: number): string => `${(size / MIB).toFixed(1)} MiB`;

/** What was free before and more than is to be left has gone by half at least: what is in use comes and goes. */
function proveSqueezed(record: FaultRecord, free: number): Evidence {
  const idOf = (name: string): string => counterId(name, 'memory_free');
  return proveEach(record, idOf, UNSEEN, (seen, name) => {
    const [before, during] = [median(valuesOf(seen.before)), median(valuesOf(seen.during))];
    if (before === undefined || during === undefined) return undefined;
    return shown(
      before > free && during <= before - (before - free) / 2,
      `${name} ${inMiB(before)} free before, ${inMiB(during)} during (${inMiB(free)} asked)`,
    );
  });
}

/** The engine forgets that the kernel killed as soon as a restart policy has acted: the end of the process stays known. */
function proveKilled(record: FaultRecord): Evidence {
  if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const states = record.states.filter((s) => s.t >= record.injecting);
  if (states.length === 0) return UNSEEN;
  const ended = record.targets.filter((name) =>
    states.some((s) => s.container === name && s.finishedAt >= record.injecting - 1),
  );
  const told = states.filter((s) => s.oomKilled).length;
  const evidence =
    `${ended.length} of ${record.targets.length} main processes ended after the decision; ` +
    `killed for want of memory in ${told} of ${states.length} looks`;
  return shown(ended.length === record.targets.length, evidence);
}

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'the memory of the target was not seen' };

import { repeatedly } from '../../harness/core/deadline.ts';
import { together } from '../../harness/core/dispose.ts';
import { isDatagram, type Observer } from '../../harness/core/record/observation.ts';
import type { ProbeContext } from '../../harness/core/kinds/probe.ts';
import type { TopologyControl, Witnesses } from '../../harness/core/topology/control.ts';
import observers from '../../harness/probes/observers.ts';

/** Questions across the network cost almost nothing. They are asked this many times more often than in a run. */
const QUESTIONS = 10;
/**
 * Commands and kernel counters are asked this many times more often. Each costs milliseconds, in a container tens of
 * them.
 */
const COMMANDS = 4;
const LEAST_MS = 100;
/** Milliseconds between two readings of the containers' states. */
const STATES_MS = 100;

/** Observes a fault as a run does, but more often, in order to see when it bites and not only that it bites. */
export async function lookClosely(ctx: ProbeContext): Promise<AsyncDisposable> {
  const closer = { ...ctx, topology: hurried(ctx.topology), observers: ctx.observers.map(oftener) };
  const states = repeatedly(STATES_MS, async () => {
    const t = ctx.clock.now();
    for (const state of await ctx.topology.containers.states(ctx.watched)) ctx.emit({ t, kind: 'container', ...state });
  });
  return together([states, await observers.start(closer, [])]);
}

const oftener = (observer: Observer): Observer =>
  isDatagram(observer) || !('everyMs' in observer)
    ? observer
    : { ...observer, everyMs: Math.min(observer.everyMs, Math.max(LEAST_MS, observer.everyMs / COMMANDS)) };

/** The same topology, but its witnesses are asked more often. */
function hurried(topology: TopologyControl): TopologyControl {
  const witnesses: Witnesses = {
    witness: (from, run, questions, onAnswer) =>
      topology.witnesses.witness(
        from,
        run,
        questions.map((q) => ({ ...q, everyMs: q.everyMs / QUESTIONS })),
        onAnswer,
      ),
    datagrams: (run, ways, onBatch) => topology.witnesses.datagrams(run, ways, onBatch),
  };
  return new Proxy(topology, {
    get(of, key) {
      if (key === 'witnesses') return witnesses;
      const value = Reflect.get(of, key, of) as unknown;
      return typeof value === 'function' ? (value as () => unknown).bind(of) : value;
    },
  });
}

import { repeatedly } from '../../harness/core/deadline.ts';
import { together } from '../../harness/core/dispose.ts';
import { isDatagram, type Observer } from '../../harness/core/observation.ts';
import type { ProbeContext } from '../../harness/core/probe.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { observers } from '../../harness/probes/observers.ts';

/** Across the network one look costs next to nothing: a run asks so many times less often. */
const QUESTIONS = 10;
/** A command or a look at what the kernel counts costs milliseconds, in a container tens of them. */
const COMMANDS = 4;
const LEAST_MS = 100;
/** Between two looks at the states of containers. */
const STATES_MS = 100;

/** Looks at a fault as a run does, and more often: moments are to be seen, and not only that it bites. */
export async function lookClosely(ctx: ProbeContext): Promise<AsyncDisposable> {
  const closer = { ...ctx, topology: hurried(ctx.topology), observers: ctx.observers.map(oftener) };
  const states = repeatedly(STATES_MS, async () => {
    const t = ctx.clock.now();
    for (const state of await ctx.topology.states(ctx.watched)) ctx.emit({ t, kind: 'container', ...state });
  });
  return together([states, await observers.start(closer)]);
}

const oftener = (observer: Observer): Observer =>
  isDatagram(observer) || !('everyMs' in observer)
    ? observer
    : { ...observer, everyMs: Math.min(observer.everyMs, Math.max(LEAST_MS, observer.everyMs / COMMANDS)) };

/** The same topology, whose witnesses are asked more often. */
function hurried(topology: TopologyControl): TopologyControl {
  return new Proxy(topology, {
    get(of, key) {
      if (key === 'witness') {
        const witness: TopologyControl['witness'] = (from, run, questions, onAnswer) =>
          of.witness(
            from,
            run,
            questions.map((q) => ({ ...q, everyMs: q.everyMs / QUESTIONS })),
            onAnswer,
          );
        return witness;
      }
      const value = Reflect.get(of, key, of) as unknown;
      return typeof value === 'function' ? (value as () => unknown).bind(of) : value;
    },
  });
}

import { candidates } from '../aim.ts';
import { proveEach, risePerS, shown } from './evidence.ts';
import type { Evidence, FaultRecord } from '../fault.ts';
import type { CounterObserver } from '../observation.ts';
import type { ContainerCounters, Target, TopologySpec } from '../topology.ts';

/** Milliseconds between two looks: one costs the engine some milliseconds of CPU. */
const EVERY_MS = 1_000;

export const counterId = (container: string, counter: keyof ContainerCounters): string => `${container}: ${counter}`;

/** Looks at a counter of every container that a target may mean. */
export const counterObservers = (
  spec: TopologySpec,
  target: Target,
  counter: keyof ContainerCounters,
): CounterObserver[] =>
  candidates(spec, target).map((container) => ({
    id: counterId(container, counter),
    container,
    counter,
    everyMs: EVERY_MS,
  }));

/** How fast a counter rose before the fault and while it was in force, per second. */
interface Rise {
  readonly before: number;
  readonly during: number;
}

/** Evidence of each target for itself: effective when a counter rose as `enough` says; `say` tells of one target. */
export function proveRise(
  record: FaultRecord,
  counter: keyof ContainerCounters,
  say: (rise: Rise) => string,
  enough: (rise: Rise) => boolean,
): Evidence {
  const idOf = (name: string): string => counterId(name, counter);
  return proveEach(record, idOf, UNSEEN, (seen, name) => {
    const before = risePerS(seen.before);
    const during = risePerS(seen.during);
    if (before === undefined || during === undefined) return undefined;
    return shown(enough({ before, during }), `${name} ${say({ before, during })}`);
  });
}

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'what the kernel counts of the target was not seen' };

import { candidates } from '../../core/topology/aim.ts';
import { proveEach, risePerS, shown } from './evidence.ts';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import type { CounterObserver } from '../../core/record/observation.ts';
import type { ContainerCounters } from '../../core/topology/state.ts';
import type { Target } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** Milliseconds between two readings. One reading costs the engine some milliseconds of CPU. */
const EVERY_MS = 1_000;

export const counterId = (container: string, counter: keyof ContainerCounters): string => `${container}: ${counter}`;

/** Observers that read a counter of every container that a target may select. */
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

/**
 * Judges each target by itself. Effective when the counter rose as `enough` says. `describe` puts the rise of one
 * target into words.
 */
export function proveRise(
  record: FaultRecord,
  counter: keyof ContainerCounters,
  describe: (rise: Rise) => string,
  enough: (rise: Rise) => boolean,
): Evidence {
  const idOf = (name: string): string => counterId(name, counter);
  return proveEach(record, idOf, UNSEEN, (seen, name) => {
    const before = risePerS(seen.before);
    const during = risePerS(seen.during);
    if (before === undefined || during === undefined) return undefined;
    return shown(enough({ before, during }), `${name} ${describe({ before, during })}`);
  });
}

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'the counters of the target were not read' };

import { lacking } from '../../core/topology/capability.ts';
import { together } from '../../core/dispose.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { measuredBy } from './needs.ts';
import type { RunOptions } from '../run-options.ts';
import { watchClock } from './watch-clock.ts';

/**
 * Starts the probes of a run that its topology can serve, with what its plan needs of them, and the watch on the clock.
 * Resolves with an object that stops all of them.
 */
export async function startProbes(
  { plan, run, topology, clock, catalogue, probes }: RunOptions,
  emit: (event: RunEvent) => void,
): Promise<AsyncDisposable> {
  const { observers, watched, paramsFor } = measuredBy(plan, catalogue);
  const ctx = { run, topology, clock, observers, watched, emit };
  const able = probes.filter(({ requires }) => lacking(plan.topology, requires).length === 0);
  const started = await Promise.all(
    able.map((probe) => {
      const params = paramsFor(probe.name).map((set) => probe.params?.parse(set) ?? set);
      return probe.start(ctx, params);
    }),
  );
  return together([...started, watchClock(clock, emit)]);
}

import { lacking } from '../../core/topology/capability.ts';
import { together } from '../../core/dispose.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { measuredBy } from './needs.ts';
import type { RunOptions } from '../run-options.ts';
import { watchClock } from './watch-clock.ts';

/**
 * Starts the watch on the clock, and each probe that the topology can serve. Each probe is told what it must
 * measure for the plan. Throws a ChaosError with the exit "not-ready" when a probe cannot. Resolves with an object that stops all probes and the watch.
 */
export async function startProbes(
  { plan, run, topology, clock, catalogue, probes }: RunOptions,
  emit: (event: RunEvent) => void,
): Promise<AsyncDisposable> {
  const { observers, watched, paramsFor } = measuredBy(plan, catalogue);
  const ctx = { run, topology, clock, observers, watched, emit };
  const able = probes.filter(({ requires }) => lacking(plan.topology, requires).length === 0);
  const ready = able.map((probe) => ({
    probe,
    params: paramsFor(probe.name).map((set) => probe.params?.parse(set) ?? set),
  }));
  // A probe that cannot measure leaves no other probe running behind it.
  await Promise.all(ready.map(async ({ probe, params }) => probe.ready?.(ctx, params)));
  const started = await Promise.all(ready.map(({ probe, params }) => probe.start(ctx, params)));
  return together([...started, watchClock(clock, emit)]);
}

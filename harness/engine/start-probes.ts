import { servicesOf } from '../core/aim.ts';
import { together } from '../core/dispose.ts';
import type { RunEvent } from '../core/events.ts';
import type { Observer } from '../core/observation.ts';
import { faultsOf } from '../core/steps.ts';
import type { RunOptions } from './run-options.ts';
import type { StopConditions } from './stop-conditions.ts';
import { watchClock } from './watch-clock.ts';

/** Everything that is looked at while the run goes on: what its faults are proven by, and what its stop conditions want. */
export async function startProbes(
  { plan, run, topology, clock, catalogue, probes }: RunOptions,
  stops: StopConditions,
  emit: (event: RunEvent) => void,
): Promise<AsyncDisposable> {
  const spec = plan.topology;
  const observers = new Map<string, Observer>(stops.observers.map((observer) => [observer.id, observer]));
  const watched = new Set<string>(stops.services);
  for (const { fault: name, params } of faultsOf(plan.faults)) {
    const fault = catalogue.faults.find((f) => f.name === name);
    for (const observer of fault?.observers(params, spec) ?? []) observers.set(observer.id, observer);
    const { target } = fault?.aims(params) ?? {};
    if (target !== undefined) servicesOf(spec, target).forEach((service) => watched.add(service));
  }
  const ctx = { run, topology, clock, observers: [...observers.values()], watched: [...watched], emit };
  const started = await Promise.all(probes.map((probe) => probe.start(ctx)));
  return together([...started, watchClock(clock, emit)]);
}

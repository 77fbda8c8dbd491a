import type { Span } from '../../../harness/core/plan/phases.ts';
import { eventsOf, type History, windowOf } from '../../../harness/core/record/history.ts';
import { type Lifeline, lifelines, supplyOf } from '../../../harness/core/scaling/supply.ts';
import { surgeOf } from '../../../harness/modes/autoscale/as-run.ts';

/** The service that the experiments scale. */
export const SERVICE = 'app';

/** A change that a scaler decided, and the containers that were made by it and by those that followed upwards. */
export interface Growth {
  /** Epoch milliseconds. */
  readonly decided: number;
  readonly made: readonly Lifeline[];
}

/** Returns how the scaler answered a surge; undefined when it never decided to bring a container. */
export function growthOf(history: History): Growth | undefined {
  const { step } = surgeOf(history);
  const changes = eventsOf(history, 'decided').filter(({ service, t }) => service === SERVICE && t >= step);
  const up = changes.find(({ from, to }) => to > from);
  if (up === undefined) return undefined;
  const down = changes.find(({ from, to, t }) => to < from && t > up.t)?.t ?? Infinity;
  const made = lifelines(history, SERVICE).filter(({ created = 0 }) => created >= up.t && created < down);
  return { decided: up.t, made };
}

/** Returns when no more containers served than before the surge, after its end. Epoch milliseconds. */
export function backAt(history: History): number | undefined {
  const { step, end } = surgeOf(history);
  const supply = supplyOf(history, SERVICE);
  const before = supply.findLast(({ t }) => t <= step)?.instances ?? 0;
  return supply.find(({ t, instances }) => t >= end && instances <= before)?.t;
}

/** Returns how many cores one container of the service may use. */
export function coresOf({ plan, events }: History): number {
  const host = eventsOf({ events }, 'run.started')[0]?.environment.cores ?? 1;
  return plan.topology.services[SERVICE]?.limits.cpus ?? host;
}

/** Returns the time of all phases. */
export const allPhases = ({ windows }: History): Span => ({
  started: windows[0]?.started ?? NaN,
  ended: windows.at(-1)?.ended ?? NaN,
});

/** Returns how long after the load's step the fault phase began. The experiments mean it to be the same moment. */
export const phaseAfterStepMs = (history: History): number =>
  (windowOf(history, 'fault')?.started ?? NaN) - surgeOf(history).step;

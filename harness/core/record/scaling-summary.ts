import { decidedAt, decidedBefore } from '../scaling/decided.ts';
import { flapsOf } from '../scaling/flaps.ts';
import { lifelines, supplyOf, toldAll } from '../scaling/supply.ts';
import type { EventOf } from './events.ts';
import { eventsOf, type History, windowOf } from './history.ts';

type Recorded = Pick<History, 'events' | 'plan' | 'windows'>;

/** How a run scaled a service, in a few figures. */
export interface ScalingSummary {
  readonly service: string;
  /** Changes that a controller of the run carried out. */
  readonly ups: number;
  readonly downs: number;
  readonly flaps: number;
  /** The most containers that served at the same time. null: the engine did not tell all the time. */
  readonly most_served: number | null;
  /** From the beginning of the fault phase to the decision for the first change in it. null: there was no such change. */
  readonly decision_lag_ms: number | null;
  readonly new_containers: number;
  /** New containers that the engine never found healthy. */
  readonly never_healthy: number;
  /** The longest from a decision to the moment when a container that it made was healthy. null: there was none. */
  readonly readiness_lag_ms: number | null;
  /** The same, to its first answer by the log of the edge. null: no request was followed to one. */
  readonly serving_lag_ms: number | null;
}

/**
 * Returns the services that were scaled in a run: those that a controller looked at or changed, and those that got a
 * container from somewhere else. A deploy makes containers too, and scales nothing.
 */
export function scaledServices(history: Recorded): readonly string[] {
  const deployed = new Set(eventsOf(history, 'deploy.ended').map(({ service }) => service));
  const began = history.windows[0]?.started ?? Infinity;
  const made = eventsOf(history, 'life').filter(
    ({ t, did, service }) => did === 'created' && t >= began && !deployed.has(service),
  );
  return [
    ...new Set([
      ...eventsOf(history, 'scaling').map(({ service }) => service),
      ...eventsOf(history, 'scaled').map(({ group }) => group),
      ...made.map(({ service }) => service),
    ]),
  ];
}

export function scalingSummary(history: Recorded, service: string): ScalingSummary {
  const changes = eventsOf(history, 'scaled').filter(({ group }) => group === service);
  const lines = lifelines(history, service);
  const lags = (end: 'healthy' | 'served'): readonly number[] =>
    lines.flatMap(({ created = NaN, [end]: t }) =>
      t === undefined ? [] : [t - (decidedBefore(history, service, created) ?? created)],
    );
  const healthy = lags('healthy');
  const ups = changes.filter(({ action }) => action === 'scale_up').length;
  const supply = supplyOf(history, service).map(({ instances }) => instances);
  return {
    service,
    ups,
    downs: changes.length - ups,
    flaps: flapsOf(changes.map(({ t, action }) => ({ t, up: action === 'scale_up' }))),
    most_served: toldAll(history) ? Math.max(...supply) : null,
    decision_lag_ms: decisionLag(history, changes),
    new_containers: lines.length,
    never_healthy: lines.length - healthy.length,
    readiness_lag_ms: most(healthy),
    serving_lag_ms: most(lags('served')),
  };
}

const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));

function decisionLag(history: Recorded, changes: readonly EventOf<'scaled'>[]): number | null {
  const phase = windowOf(history, 'fault');
  const first = changes.find(({ t }) => phase !== undefined && t >= phase.started && t <= phase.ended);
  if (phase === undefined || first === undefined) return null;
  return Math.max(0, decidedAt(history, first) - phase.started);
}

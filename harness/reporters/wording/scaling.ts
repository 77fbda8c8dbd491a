import type { ScalingSummary } from '../../core/record/scaling-summary.ts';
import { ms, plural } from './figures.ts';

/** Says in two lines how a service was scaled: what was changed, and how soon. Without the name of the service. */
export function scalingLines(summary: ScalingSummary): readonly string[] {
  const { ups, downs, flaps, most_served: most, decision_lag_ms: decision } = summary;
  const changed =
    ups + downs === 0
      ? 'no controller changed it'
      : `${plural(ups + downs, 'change')} (${ups} up, ${downs} down), flaps: ${flaps}`;
  const served =
    most === null ? 'the engine did not tell all the time how many served' : `at most ${most} served at a time`;
  const first =
    decision === null
      ? 'no change in the fault phase'
      : `first change decided ${ms(decision)} after the fault phase began`;
  return [`${changed}; ${served}`, [first, ...readiness(summary)].join('; ')];
}

function readiness(summary: ScalingSummary): string[] {
  const { new_containers: made, never_healthy: never, readiness_lag_ms: healthy, serving_lag_ms: served } = summary;
  if (made === 0) return [];
  const lags = [
    ...(healthy === null ? [] : [`healthy at most ${ms(healthy)} after the decision`]),
    ...(served === null ? [] : [`first answer at most ${ms(served)} after it`]),
    ...(never === 0 ? [] : [`${never} never found healthy`]),
  ];
  return [`${plural(made, 'new container')}: ${lags.join(', ')}`];
}

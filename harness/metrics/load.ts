import type { LoadTick } from '../core/load/load.ts';
import { defineMetric } from '../core/metric.ts';
import type { RunEvent } from '../core/events.ts';

const SPAN_MS = 1_000;

/** One second of the open arrivals after another. */
const eachSecond = (valueOf: (tick: LoadTick) => number | undefined) => () => (event: RunEvent) => {
  if (event.kind !== 'load') return [];
  const value = valueOf(event);
  return value === undefined ? [] : [{ value }];
};

export const load = [
  defineMetric({
    name: 'throughput',
    summary: 'Good answers a second. Each second.',
    unit: 'count',
    spanMs: SPAN_MS,
    example: { below: 100, for: '10s' },
    read: eachSecond(({ ok }) => ok),
  }),
  defineMetric({
    name: 'in_flight',
    summary: 'Requests that wait for their answer. Each second.',
    unit: 'count',
    spanMs: SPAN_MS,
    example: { above: 1_000, for: '10s' },
    read: eachSecond((tick) => tick.in_flight),
  }),
  defineMetric({
    name: 'dropped',
    summary: 'Requests a second that the generator could not send: the run proves nothing then. Each second.',
    unit: 'count',
    spanMs: SPAN_MS,
    example: { above: 0, for: '3s' },
    read: eachSecond(({ dropped }) => dropped),
  }),
  defineMetric({
    name: 'generator_lag',
    summary: "The generator's own lateness: 99th percentile of sent less planned. Each second.",
    unit: 'duration',
    spanMs: SPAN_MS,
    example: { above: '200ms', for: '10s' },
    read: eachSecond((tick) => tick.lag_p99_ms),
  }),
];

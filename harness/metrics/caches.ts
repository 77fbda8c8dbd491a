import { z } from 'zod';
import type { EventOf, RunEvent } from '../core/events.ts';
import { defineMetric, type Reading } from '../core/metric.ts';

const SPAN_MS = 5_000;
/** Samples of a layer's patterns that come within this belong together, milliseconds. */
const TOGETHER_MS = 4_000;

const layer = z.enum(['application', 'redis', 'cdn']).meta({ description: 'A cache layer', examples: ['redis'] });

interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** Of all lookups together. */
  readonly ms: number;
}

const NONE: Counts = { hits: 0, misses: 0, evictions: 0, ms: 0 };
const KEYS = ['hits', 'misses', 'evictions', 'ms'] as const;
const each = (of: (key: (typeof KEYS)[number]) => number): Counts =>
  Object.fromEntries(KEYS.map((key) => [key, of(key)])) as unknown as Counts;

const countsOf = ({ hits, misses, evictions, average_ms: average }: EventOf<'cache'>): Counts => ({
  hits,
  misses,
  evictions,
  ms: (average ?? 0) * (hits + misses),
});

/** Counters only grow, pattern by pattern: what all patterns of a layer grew by in some seconds is a sample. */
const overLayer = (valueOf: (grown: Counts, ms: number) => number) => (of: string) => {
  const last = new Map<string, Counts>();
  let since: number | undefined;
  let grown = NONE;
  return (event: RunEvent): readonly Reading[] => {
    if (event.kind !== 'cache' || event.layer !== of) return [];
    const ms = event.t - (since ?? event.t);
    const value = valueOf(grown, ms);
    const whole = ms >= TOGETHER_MS;
    if (whole) grown = NONE;
    if (whole || since === undefined) since = event.t;
    const now = countsOf(event);
    const before = last.get(event.pattern);
    last.set(event.pattern, now);
    // A replica that began anew counts from nothing.
    if (before !== undefined) grown = each((key) => grown[key] + Math.max(0, now[key] - before[key]));
    return whole && Number.isFinite(value) ? [{ of: `the ${of} cache`, value }] : [];
  };
};

export const caches = [
  defineMetric({
    name: 'cache_hit_ratio',
    summary: 'Of the lookups in a cache layer, those that found what they looked for. Each 5 s.',
    unit: 'share',
    spanMs: SPAN_MS,
    of: layer,
    example: { of: 'redis', below: '50%', for: '20s' },
    read: overLayer(({ hits, misses }) => (hits / (hits + misses)) * 100),
  }),
  defineMetric({
    name: 'cache_evictions',
    summary: 'What a cache layer threw out, a second. Each 5 s.',
    unit: 'count',
    spanMs: SPAN_MS,
    of: layer,
    example: { of: 'application', above: 100, for: '20s' },
    read: overLayer(({ evictions }, ms) => (evictions * 1_000) / ms),
  }),
  defineMetric({
    name: 'cache_latency',
    summary: 'How long a lookup in a cache layer takes, on average. Each 5 s.',
    unit: 'duration',
    spanMs: SPAN_MS,
    of: layer,
    example: { of: 'redis', above: '50ms', for: '20s' },
    read: overLayer(({ hits, misses, ms }) => ms / (hits + misses)),
  }),
];

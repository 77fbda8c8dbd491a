import { z } from 'zod';
import type { Reading, Selection, Series } from '../../core/kinds/series.ts';
import type { EventOf, RunEvent } from '../../core/record/events.ts';

/** Milliseconds between two readings of the caches. */
export const CACHES_MS = 5_000;
/** The counters of a layer's patterns that come within this many milliseconds belong to one reading. */
const TOGETHER_MS = 4_000;

const LAYERS = ['application', 'redis', 'cdn'] as const;

export const layer: Selection = {
  schema: z.enum(LAYERS).meta({ description: 'A cache layer', examples: ['redis'] }),
};

interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** Milliseconds of all lookups together. */
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

/**
 * Each pattern has counters that only grow. A reading is the growth of the counters of all patterns of a layer since
 * the last reading.
 */
function ofLayer(wanted: string, valueOf: (grown: Counts, ms: number) => number) {
  const last = new Map<string, Counts>();
  let since: number | undefined;
  let grown = NONE;
  return (event: RunEvent): readonly Reading[] => {
    if (event.kind !== 'cache' || event.layer !== wanted) return [];
    const ms = event.t - (since ?? event.t);
    const value = valueOf(grown, ms);
    const whole = ms >= TOGETHER_MS;
    if (whole) grown = NONE;
    if (whole || since === undefined) since = event.t;
    const now = countsOf(event);
    const before = last.get(event.pattern);
    last.set(event.pattern, now);
    // A replica that started again counts from 0.
    if (before !== undefined) grown = each((key) => grown[key] + Math.max(0, now[key] - before[key]));
    return whole && Number.isFinite(value) ? [{ labels: { layer: wanted }, value }] : [];
  };
}

/** Reads a figure of the selected cache layers, which are one line each. */
export const overLayers =
  (valueOf: (grown: Counts, ms: number) => number): Series['read'] =>
  (of) => {
    const layers = LAYERS.filter((name) => of === undefined || name === of).map((name) => ofLayer(name, valueOf));
    return (event) => layers.flatMap((read) => read(event));
  };

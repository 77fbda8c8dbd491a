import { borrowedCopy, selectPercentile } from '../selection.ts';
import { type PercentileEstimate, percentileBounds } from '../bounds/percentile.ts';

/**
 * The sets of requests that a latency figure can be about. A latency runs from the planned moment to the whole answer.
 * In verdicts, tables, charts and rows, "p95" alone is about `judged`. A figure about another population names the
 * population.
 */
export const POPULATIONS = {
  judged: 'all offered requests, a failed one at least as slow as the timeout',
  successful: 'successful requests',
  /** For the figures of each second of a load. Stop conditions and series read these figures. */
  answered: 'requests with a whole answer, errors included',
} as const;
export type Population = keyof typeof POPULATIONS;

/**
 * Returns the latency by which a request is judged, milliseconds. `took` is its own latency; NaN when it never ended.
 */
export const judgedLatency = (ok: boolean, took: number, timeoutMs: number): number =>
  ok && Number.isFinite(took) ? took : Math.max(Number.isFinite(took) ? took : 0, timeoutMs);

/** The latencies of one population, milliseconds. Every percentile of latencies is computed here. */
export class Latencies<Of extends Population = Population> {
  readonly population: Of;
  /** The latencies in the order of the planned moments. Bounds need this order. */
  readonly inOrder: Float64Array;
  /** What was asked before. Every report asks for the same percentiles. */
  readonly #percentiles = new Map<number, number | undefined>();
  readonly #bounds = new Map<string, PercentileEstimate | undefined>();

  /** A Float64Array is not copied. Nobody may change it afterwards. */
  constructor(population: Of, inOrder: ArrayLike<number>) {
    this.population = population;
    this.inOrder = inOrder instanceof Float64Array ? inOrder : new Float64Array(inOrder);
  }

  get count(): number {
    return this.inOrder.length;
  }

  /** Returns the nearest-rank percentile, `percent` from 0 to 100; undefined when there are no latencies. */
  percentile(percent: number): number | undefined {
    if (!this.#percentiles.has(percent))
      this.#percentiles.set(percent, selectPercentile(borrowedCopy(this.inOrder), percent));
    return this.#percentiles.get(percent);
  }

  /** Returns a percentile with its bounds; undefined when there are too few latencies (see `percentileBounds`). */
  bounds(percent: number, confidence?: number): PercentileEstimate | undefined {
    const key = `${percent} ${confidence}`;
    if (!this.#bounds.has(key)) this.#bounds.set(key, percentileBounds(this.inOrder, percent, confidence));
    return this.#bounds.get(key);
  }

  get max(): number | undefined {
    return this.percentile(100);
  }

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.inOrder.reduce((sum, ms) => sum + ms, 0) / this.count;
  }
}

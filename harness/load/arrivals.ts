/** When requests are due: an absolute plan, known before the first is sent and deaf to how answers come in. */
export interface Arrivals {
  /** Milliseconds after the start at which the i-th request (from 0) is due, never less than the one before; Infinity after the last. */
  due(i: number): number;
}

/** Evenly spaced: the i-th is due at i / rate. */
export function constantArrivals(ratePerS: number, durationMs: number): Arrivals {
  return {
    due(i) {
      const at = (i * 1_000) / ratePerS;
      return at < durationMs ? at : Infinity;
    },
  };
}

import type { Series } from '../../core/kinds/series.ts';
import type { LoadTick } from '../../core/load/load.ts';

/** Milliseconds between two readings of the load. */
export const LOAD_MS = 1_000;

/** Reads a value from each second of the open arrivals. A second without the value gives no reading. */
export const eachSecond =
  (valueOf: (tick: LoadTick) => number | undefined): Series['read'] =>
  () =>
  (event) => {
    const value = event.kind === 'load' ? valueOf(event) : undefined;
    return value === undefined ? [] : [{ value }];
  };

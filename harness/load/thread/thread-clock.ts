import { hrtime } from 'node:process';
import type { Clock } from '../../core/clock.ts';

/** One moment on two clocks: the main thread's epoch and the machine's monotonic clock, both in milliseconds. */
export interface ClockOrigin {
  readonly epoch: number;
  readonly monotonic: number;
}

const ROUNDS = 10;

const monotonic = (): number => Number(hrtime.bigint()) / 1e6;

/** Reads both clocks several times and returns the quickest reading: the first, cold reading takes a millisecond. */
function sameMoment(now: () => number): ClockOrigin {
  const readings = Array.from({ length: ROUNDS }, () => {
    const before = monotonic();
    const epoch = now();
    const after = monotonic();
    return { epoch, monotonic: (before + after) / 2, took: after - before };
  });
  return readings.reduce((best, reading) => (reading.took < best.took ? reading : best));
}

/** Call this in the main thread, and pass the result to the other thread. */
export function clockOrigin(clock: Pick<Clock, 'now'>): ClockOrigin {
  const { epoch, monotonic: at } = sameMoment(clock.now);
  return { epoch, monotonic: at };
}

/**
 * Returns the run's clock for another thread, in epoch milliseconds. It uses the monotonic clock that all threads
 * share. In Node 24.21 a worker's own timeOrigin + now() agrees with the main thread's to under a microsecond, but
 * nothing guarantees that.
 */
export function clockFrom(origin: ClockOrigin): () => number {
  const here = sameMoment(() => performance.now());
  const offset = origin.epoch - origin.monotonic + here.monotonic - here.epoch;
  return () => performance.now() + offset;
}

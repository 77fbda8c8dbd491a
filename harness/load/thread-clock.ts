import { hrtime } from 'node:process';
import type { Clock } from '../core/clock.ts';

/** One moment on two clocks: the main thread's epoch and the machine's monotonic clock, both in milliseconds. */
export interface ClockOrigin {
  readonly epoch: number;
  readonly monotonic: number;
}

const ROUNDS = 10;

const monotonic = (): number => Number(hrtime.bigint()) / 1e6;

/** The same moment on two clocks: of several readings the quickest, because a first, cold one takes a millisecond. */
function sameMoment(now: () => number): ClockOrigin {
  const readings = Array.from({ length: ROUNDS }, () => {
    const before = monotonic();
    const epoch = now();
    const after = monotonic();
    return { epoch, monotonic: (before + after) / 2, took: after - before };
  });
  return readings.reduce((best, reading) => (reading.took < best.took ? reading : best));
}

/** To be taken in the main thread and handed to the other. */
export function clockOrigin(clock: Pick<Clock, 'now'>): ClockOrigin {
  const { epoch, monotonic: at } = sameMoment(clock.now);
  return { epoch, monotonic: at };
}

/**
 * The run's clock, read in another thread by way of the monotonic clock that all threads share. In Node 24.21 a worker's
 * own timeOrigin + now() happens to agree with the main thread's to under a microsecond; nothing promises that it will.
 */
export function clockFrom(origin: ClockOrigin): () => number {
  const here = sameMoment(() => performance.now());
  const offset = origin.epoch - origin.monotonic + here.monotonic - here.epoch;
  return () => performance.now() + offset;
}

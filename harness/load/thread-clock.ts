import { hrtime } from 'node:process';
import type { Clock } from '../core/clock.ts';

/** One moment on two clocks: the main thread's epoch and the machine's monotonic clock, both in milliseconds. */
export interface ClockOrigin {
  readonly epoch: number;
  readonly monotonic: number;
}

const monotonic = (): number => Number(hrtime.bigint()) / 1e6;

export const clockOrigin = (clock: Clock): ClockOrigin => ({ epoch: clock.now(), monotonic: monotonic() });

/**
 * The main thread's clock in another thread. A worker's own timeOrigin + now() is not that clock: in Node 24 it reads
 * 1 to 2 ms less, because timeOrigin is the process's but now() counts from elsewhere.
 */
export function clockFrom(origin: ClockOrigin): () => number {
  const offset = origin.epoch - origin.monotonic + (monotonic() - performance.now());
  return () => performance.now() + offset;
}

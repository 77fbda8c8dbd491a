import type { LoadPlan } from '../core/load/load.ts';
import { seededMix } from './mix.ts';
import { ArrivalStream, Schedule, type Stream } from './stream.ts';
import { UserStream } from './users.ts';

export interface StreamOptions {
  readonly seed: number;
  /** Of idempotency keys. */
  readonly prefix: string;
  /** Nothing is due at this time after the start or later, milliseconds. */
  readonly limitMs: number;
}

/** Everything that a load will send, in order, before the first of it is sent. The worker's other seeds are seed + 2 to seed + 4. */
export function planStream({ workload, arrivals, users }: LoadPlan, { seed, prefix, limitMs }: StreamOptions): Stream {
  if (users !== undefined) return new UserStream(workload, users, limitMs, seed, prefix);
  return new ArrivalStream(new Schedule(arrivals, limitMs, seed + 5), seededMix(workload, seed, prefix));
}

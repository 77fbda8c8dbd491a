import type { LoadPlan } from '../core/load/load.ts';
import { seededMix } from './mix.ts';
import { ArrivalStream, Schedule, type Stream } from './stream.ts';
import { UserStream } from './users/users.ts';

export interface StreamOptions {
  readonly seed: number;
  /** Begins every request id. */
  readonly prefix: string;
  /** Milliseconds after the start; nothing is due then or later. */
  readonly limitMs: number;
}

/**
 * Makes the stream of all open arrivals of a load, in order. The seed alone decides the stream, before anything is
 * sent. Seeds used here: seed, seed + 1 and seed + 5. The worker uses seed + 2 to seed + 4.
 */
export function planStream({ workload, arrivals, users }: LoadPlan, { seed, prefix, limitMs }: StreamOptions): Stream {
  if (users !== undefined) return new UserStream(workload, users, limitMs, seed, prefix);
  return new ArrivalStream(new Schedule(arrivals, limitMs, seed + 5), seededMix(workload, seed, prefix));
}

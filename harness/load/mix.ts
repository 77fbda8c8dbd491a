import type { Workload } from '../core/load/load.ts';
import { seededRandom } from '../core/random.ts';
import { requestShares } from '../core/load/workload-rate.ts';
import { RequestMaker } from './http/request-maker.ts';
import type { PreparedRequest } from './http/request.ts';

/** An endless seeded sequence of requests: the same seed draws the same endpoints and the same values. */
export interface Mix {
  next(): PreparedRequest;
}

const UINT32 = 4_294_967_296;

/** Returns the first position whose running sum is above `at`. `at`: from 0 to below 1. */
export function pick(upTo: Float64Array, at: number): number {
  let position = 0;
  // Rounding can leave the last sum slightly below 1.
  while (position < upTo.length - 1 && at >= (upTo[position] ?? 1)) position += 1;
  return position;
}

/** Returns the running sums of some shares. */
export function runningSums(shares: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(shares, (share) => (sum += share));
}

/**
 * Draws each endpoint with a probability in proportion to its scenario's weight x its frequency. These draws have their
 * own random numbers, so a changed body in the workload does not change the order of the endpoints. Each request has a
 * random user number. `prefix`: begins every request id.
 */
export function seededMix(workload: Workload, seed: number, prefix: string): Mix {
  const upTo = runningSums(requestShares(workload).map(({ share }) => share));
  const choose = seededRandom(seed);
  const maker = new RequestMaker(workload, seed + 1, prefix);
  return { next: () => maker.make(pick(upTo, choose()), Math.floor(choose() * UINT32)) };
}

import type { Workload } from '../core/load/load.ts';
import { seededRandom } from '../core/random.ts';
import { requestShares } from '../core/load/workload-rate.ts';
import { RequestMaker } from './request-maker.ts';
import type { PreparedRequest } from './request.ts';

/** An endless seeded series of requests: the same seed draws the same endpoints and the same values. */
export interface Mix {
  next(): PreparedRequest;
}

const UINT32 = 4_294_967_296;

/** The first position whose sum of shares, itself included, is above `at`. */
export function pick(upTo: Float64Array, at: number): number {
  let position = 0;
  // Rounding can leave the last sum a hair below 1.
  while (position < upTo.length - 1 && at >= (upTo[position] ?? 1)) position += 1;
  return position;
}

/** Running sums of some shares. */
export function runningSums(shares: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(shares, (share) => (sum += share));
}

/**
 * Endpoints are drawn with probability weight x frequency, from random numbers of their own, so that another body in
 * the workload does not change which endpoint comes when. Each request is another user's.
 */
export function seededMix(workload: Workload, seed: number, prefix: string): Mix {
  const upTo = runningSums(requestShares(workload).map(({ share }) => share));
  const choose = seededRandom(seed);
  const maker = new RequestMaker(workload, seed + 1, prefix);
  return { next: () => maker.make(pick(upTo, choose()), Math.floor(choose() * UINT32)) };
}

import type { Random } from '../../../harness/core/random.ts';
import { autoregressive } from './hanging.ts';
import { exponential } from './queue.ts';

/**
 * Draws one run of a system whose runs differ by themselves, as on a shared machine: 500 latencies (mean about 20 ms) whose
 * mean differs by a tenth, and 6,000 requests of which about 2 % fail, a share that differs by a third (both log-normal).
 */
export function differingRun(random: Random): { readonly latencies: readonly number[]; readonly failures: Uint8Array } {
  const [worse = 0, slower = 0] = autoregressive(random, 2, 0);
  const [share, mean] = [0.02 * Math.exp(0.3 * worse), 20 * Math.exp(0.1 * slower)];
  return {
    latencies: Array.from({ length: 500 }, () => exponential(random, mean)),
    failures: Uint8Array.from({ length: 6_000 }, () => (random() < share ? 1 : 0)),
  };
}

import type { Random } from '../../../harness/core/random.ts';

/** Draws a number from the exponential distribution with this mean. */
export const exponential = (random: Random, mean: number): number => -Math.log(1 - random()) * mean;

/**
 * Returns the sojourn times, in milliseconds, of `count` successive customers of an M/M/1 queue in its steady state
 * (Lindley's recursion). The times are exponential with mean serviceMs / (1 - utilisation). Each time resembles the
 * previous one.
 */
export function queueLatencies(random: Random, count: number, serviceMs: number, utilisation: number): number[] {
  const mean = serviceMs / (1 - utilisation);
  let waiting = random() < utilisation ? exponential(random, mean) : 0;
  return Array.from({ length: count }, () => {
    const sojourn = waiting + exponential(random, serviceMs);
    waiting = Math.max(0, sojourn - exponential(random, serviceMs / utilisation));
    return sojourn;
  });
}

/** Returns latencies of independent requests in milliseconds: log-normal, median `medianMs`, sigma 0.4. */
export function independentLatencies(random: Random, count: number, medianMs: number): number[] {
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return medianMs * Math.exp(0.4 * normal);
  });
}

import type { Random } from '../../harness/core/random.ts';

/** A variable with an exponential distribution of this mean. */
export const exponential = (random: Random, mean: number): number => -Math.log(1 - random()) * mean;

/**
 * Sojourn times of `count` successive customers of an M/M/1 queue in its steady state, milliseconds (Lindley's recursion).
 * They are exponential with mean serviceMs / (1 - utilisation), and each resembles the one before it.
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

/** Latencies of independent requests around `medianMs` with a tail to the right (log-normal, sigma 0.4). */
export function independentLatencies(random: Random, count: number, medianMs: number): number[] {
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return medianMs * Math.exp(0.4 * normal);
  });
}

import type { Random } from '../../../harness/core/random.ts';

/** Draws a number from the standard normal distribution (Box and Muller). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Returns normal values of which each resembles the one before: AR(1) with this correlation of neighbours, in its steady
 * state, mean 0 and standard deviation 1.
 */
export function autoregressive(random: Random, count: number, correlation: number): Float64Array {
  const fresh = Math.sqrt(1 - correlation ** 2);
  let value = normal(random);
  return Float64Array.from({ length: count }, () => {
    const now = value;
    value = correlation * value + fresh * normal(random);
    return now;
  });
}

export interface Burst {
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
}

/**
 * Draws bursts of requests, in their steady state: a phase may begin and end in the middle of one. `share` of all
 * requests are in a burst (0 to 1). Without `varied` each has `length` requests; with it the lengths are geometric, with
 * this mean.
 */
export function drawBursts(random: Random, count: number, share: number, length: number, varied = false): Burst[] {
  const begins = share / (share + length * (1 - share));
  const geometric = (chance: number): number =>
    chance >= 1 ? 0 : Math.floor(Math.log(1 - random()) / Math.log1p(-chance));
  const whole = (): number => (varied ? 1 + geometric(1 / length) : length);
  const found: Burst[] = [];
  let at = 0;
  if (random() < share) {
    // The rest of a burst that began before the phase.
    at = varied ? whole() : Math.ceil(random() * length);
    found.push({ from: 0, until: Math.min(at, count) });
  }
  for (;;) {
    const from = at + geometric(begins);
    if (from >= count) return found;
    at = from + whole();
    found.push({ from, until: Math.min(at, count) });
  }
}

/** Returns 1 for each request in a burst and 0 for the others. Of a burst, `density` of the requests are 1. */
export function flagsOf(bursts: readonly Burst[], count: number, random: Random, density = 1): Uint8Array {
  const flags = new Uint8Array(count);
  for (const { from, until } of bursts)
    for (let i = from; i < until; i += 1) if (density >= 1 || random() < density) flags[i] = 1;
  return flags;
}

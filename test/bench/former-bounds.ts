import { studentQuantile } from '../../harness/core/bounds/distributions.ts';
import { type Bounds, proportionBounds, standardDeviation } from '../../harness/core/stats.ts';

/**
 * The bounds that this project had before it counted bursts: the exact ones of independent values, or the t bounds of ten
 * batches that follow each other, whichever is wider (Heidelberger and Lewis, Operations Research 32, 1984). They are
 * kept here alone, to compare with.
 */
const BATCHES = 10;

export function formerShareBounds(flags: ArrayLike<number>, confidence = 0.95): Bounds & { readonly value: number } {
  const count = flags.length;
  const size = Math.floor(count / BATCHES);
  let hits = 0;
  for (let i = 0; i < count; i += 1) hits += flags[i] as number;
  const value = hits / count;
  const exact = proportionBounds(hits, count, confidence);
  if (hits === 0) return { value, ...exact };
  const batches = Array.from({ length: BATCHES }, (_, b) => {
    let sum = 0;
    for (let i = b * size; i < (b + 1) * size; i += 1) sum += flags[i] as number;
    return sum / size;
  });
  const clustered = standardDeviation(batches) / Math.sqrt(BATCHES);
  const independent = Math.sqrt((value * (1 - value)) / count);
  const margin = studentQuantile(confidence, BATCHES - 1) * Math.max(clustered, independent);
  return {
    value,
    lower: Math.max(0, Math.min(exact.lower, value - margin)),
    upper: Math.min(1, Math.max(exact.upper, value + margin)),
  };
}

/** Says whether each former bound of a percentile was on the right side of `truth`, without the search for the bound. */
export function formerPercentileHolds(values: ArrayLike<number>, percent: number, truth: number) {
  const beyond = 1 - percent / 100;
  const flags = (isHit: (value: number) => boolean): Uint8Array => {
    const made = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i += 1) if (isHit(values[i] as number)) made[i] = 1;
    return made;
  };
  let below = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value > below && value < truth) below = value;
  }
  return {
    // The upper bound is below the truth when a value below the truth is already enough for it.
    upper: !(below > -Infinity && formerShareBounds(flags((v) => v > below)).upper <= beyond),
    lower: formerShareBounds(flags((v) => v > truth)).lower < beyond,
  };
}

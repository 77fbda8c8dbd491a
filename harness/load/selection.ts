/**
 * The value that would stand at `rank` (from 0) were the values sorted; they are put in another order. Hoare's FIND
 * (Communications of the ACM 4, 1961): of 45,000 values in a millisecond, where to sort them holds up requests for five.
 */
function select(values: Float64Array, rank: number): number | undefined {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1] as number;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] as number) < pivot) left += 1;
      while ((values[right] as number) > pivot) right -= 1;
      if (left > right) break;
      const value = values[left] as number;
      values[left] = values[right] as number;
      values[right] = value;
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return values[rank];
}

/** Nearest-rank percentile, `share` from 0 to 1, of values none of which is NaN, and which are put in another order; undefined of none. */
export const selectPercentile = (values: Float64Array, share: number): number | undefined =>
  select(values, Math.max(0, Math.ceil(share * values.length) - 1));

import type { CertifiedCapacity } from '../certificate/statements.ts';
import { FULL } from '../certificate/statements.ts';
import type { CapacityAsked } from './asked.ts';
import type { Confirm, Knee, KneeOptions } from './knee.ts';

/** A capacity that is certified holds the truth with this probability. */
const CONFIDENCE = 0.9;
/** The capacity of the whole system. The other conditions are compared with it, so it is known best. */
const FULL_CONFIRM: Omit<Confirm, 'seed'> = { least: 10, most: 18, width: 0.05, confidence: CONFIDENCE };
/** With something gone there are some minutes. */
const CELL_CONFIRM: Omit<Confirm, 'seed'> = { least: 3, most: 12, width: 0.1, confidence: CONFIDENCE };
/** With something gone a system carries at most a little more than before. */
const BEYOND_FULL = 1.25;
const DIGITS = 4;
const rounded = (ratePerS: number): number => Number(ratePerS.toPrecision(DIGITS));

/**
 * Returns how the knee of a condition is searched. With something gone, the search begins at the lower end of the full
 * capacity, which it needs.
 */
export function kneeOptionsOf(
  { search, seed, cells }: Pick<CapacityAsked, 'search' | 'seed' | 'cells'>,
  condition: string,
  full: Pick<CertifiedCapacity, 'low' | 'high'> | undefined,
): KneeOptions {
  if (condition === FULL || full === undefined) return { ...search, confirm: { ...FULL_CONFIRM, seed } };
  const mostPerS = Math.min(search.mostPerS, rounded((full.high ?? search.mostPerS) * BEYOND_FULL));
  const fromPerS = Math.min(mostPerS, Math.max(search.leastPerS, rounded(full.low)));
  // Each condition draws rates of its own.
  const own = seed + 1 + cells.findIndex((cell) => cell.condition === condition);
  return { ...search, fromPerS, mostPerS, confirm: { ...CELL_CONFIRM, seed: own } };
}

/** Returns what a knee lets us certify about a condition, or why it lets us certify nothing. */
export function capacityOf(condition: string, knee: Knee): CertifiedCapacity | { readonly reason: string } {
  const { interval, limits = [], carriesPerS, failsPerS, generatorPerS, broke, known } = knee;
  if (interval !== undefined) {
    const { ratePerS, low, high, confidence } = interval;
    const unclear = broke === 'generator' ? 'unknown' : (broke ?? null);
    const limit = limits[0]?.limit ?? unclear;
    return { condition, limit, ratePerS: rounded(ratePerS), low: rounded(low), high: rounded(high), confidence };
  }
  // Nothing but the generator broke, or nothing at all, or the time was up before anything was confirmed: what was carried is
  // a lower end, and there is no upper end.
  if (carriesPerS !== undefined)
    return {
      condition,
      limit: broke ?? null,
      ratePerS: carriesPerS,
      low: carriesPerS,
      high: null,
      confidence: CONFIDENCE,
    };
  if (known === 'generator') return { reason: `the generator failed at ${generatorPerS}/s already` };
  if (known === 'nothing') return { reason: `not even ${failsPerS}/s was carried (${broke})` };
  const tried = failsPerS === undefined ? 'no step was judged' : `${failsPerS}/s was not carried (${broke})`;
  return { reason: `the time was up before anything was carried: ${tried}` };
}

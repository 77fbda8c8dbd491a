import { type AtRate, KNEE_SHARE } from './figures.ts';

/** The highest rate that was served well, and the lowest rate above it. Both in requests a second. */
export interface Knee {
  /** Undefined when no rate was served well. */
  readonly good: number | undefined;
  /** Undefined when the highest rate was served well. */
  readonly bad: number | undefined;
}

/** Rates are told apart by this much, requests a second. */
const GRAIN = 10;
/** The knee is known well enough when its two sides differ by this share. */
const CLOSE = 0.05;

/** Finds the knee: the largest offered rate whose share of right answers in time is at least KNEE_SHARE. */
export function kneeOf(rates: readonly AtRate[]): Knee {
  const good = rates.findLast(({ share }) => share >= KNEE_SHARE)?.ratePerS;
  return { good, bad: rates.find(({ ratePerS }) => good === undefined || ratePerS > good)?.ratePerS };
}

/** Returns the rate to try next, in the middle; undefined when the knee is known well enough. */
export function nextRate({ good = 0, bad }: Knee): number | undefined {
  if (bad === undefined || bad - good <= good * CLOSE) return undefined;
  const middle = Math.round((good + bad) / 2 / GRAIN) * GRAIN;
  return middle > good && middle < bad ? middle : undefined;
}

/** Returns the goodput at twice the knee over the highest goodput of all rates; undefined when it was not measured. */
export function keptPastKnee(rates: readonly AtRate[]): number | undefined {
  const { good } = kneeOf(rates);
  const twice = rates.find(({ ratePerS }) => good !== undefined && ratePerS === 2 * good);
  return twice === undefined ? undefined : twice.goodput / Math.max(...rates.map(({ goodput }) => goodput));
}

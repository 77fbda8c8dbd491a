import { excludedBurst } from '../../harness/core/bounds/bursts.ts';
import { shareBounds } from '../../harness/core/bounds/share.ts';
import { seededRandom } from '../../harness/core/random.ts';
import { proportionBounds } from '../../harness/core/stats.ts';
import { drawBursts, flagsOf } from './doubles/hanging.ts';

/** How often "errors < 0.1 %" passes though 0.1 % of all requests fail, in percent of the draws. */
export interface FalsePasses {
  /** By the exact bounds of failures that are independent. */
  readonly exact: number;
  /** By the bounds that the check has. */
  readonly passed: number;
  /** And the verdict says that it excludes bursts of this length. */
  readonly claimed: number;
}

const LIMIT = 0.001;

/** Draws seeded phases of `count` requests in which 0.1 % fail, in bursts of `length`. */
export function falsePasses(count: number, length: number, draws: number, varied = false): FalsePasses {
  const random = seededRandom(count + length);
  const seen = { exact: 0, passed: 0, claimed: 0 };
  for (let draw = 0; draw < draws; draw += 1) {
    const bursts = drawBursts(random, count, LIMIT, length, varied);
    const failed = bursts.reduce((sum, { from, until }) => sum + until - from, 0);
    // The check's bounds are never narrower than the exact ones.
    if (proportionBounds(failed, count).upper >= LIMIT) continue;
    seen.exact += 1;
    if (shareBounds(flagsOf(bursts, count, random)).upper >= LIMIT) continue;
    seen.passed += 1;
    if (excludedBurst(failed, count, LIMIT) >= length) seen.claimed += 1;
  }
  const percent = (n: number): number => (n / draws) * 100;
  return { exact: percent(seen.exact), passed: percent(seen.passed), claimed: percent(seen.claimed) };
}

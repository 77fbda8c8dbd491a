import { excludedBurst } from '../../harness/core/bounds/bursts.ts';
import { shareBounds } from '../../harness/core/bounds/share.ts';
import { seededRandom } from '../../harness/core/random.ts';
import { proportionBounds } from '../../harness/core/stats.ts';
import { drawBursts, flagsOf } from '../helpers/doubles/hanging.ts';
import { falsePasses as draw } from '../helpers/false-passes.ts';
import { formerShareBounds } from './former-bounds.ts';
import { rowsOf, whole } from './section.ts';

/** Draws of each row. 5 % of them have a standard deviation of 0.15 %. */
const DRAWS = 20_000;

/** A true share that fails, in bursts of this mean length (geometric), and a limit below which it must not pass. */
const SHARES = [
  { share: 0.01, length: 1, count: 18_000, limit: 0.01 },
  { share: 0.01, length: 30, count: 18_000, limit: 0.01 },
  { share: 0.0125, length: 30, count: 18_000, limit: 0.01 },
  { share: 0.05, length: 20, count: 6_000, limit: 0.05 },
] as const;

/** How often the bounds of a share hold, and how often a share that is too high passes. */
export function shareCoverage(runs: number): string {
  const methods = {
    exact: (flags: Uint8Array) =>
      proportionBounds(
        flags.reduce((sum, f) => sum + f, 0),
        flags.length,
      ),
    before: formerShareBounds,
    now: shareBounds,
  };
  const rows = SHARES.map(({ share, length, count, limit }) => {
    const random = seededRandom(count + length);
    const held = { exact: [0, 0, 0], before: [0, 0, 0], now: [0, 0, 0] };
    for (let run = 0; run < runs; run += 1) {
      const flags = flagsOf(drawBursts(random, count, share, length, true), count, random);
      for (const name of ['exact', 'before', 'now'] as const) {
        const { lower, upper } = methods[name](flags);
        const of = held[name];
        [lower <= share, upper >= share, upper < limit].forEach((yes, i) => (of[i] = (of[i] ?? 0) + (yes ? 1 : 0)));
      }
    }
    const text = (counts: readonly number[]): string => {
      const [lower, upper, passed] = counts.map((n) => ((n / runs) * 100).toFixed(1));
      return `${lower} / ${upper}, ${passed}`;
    };
    return [
      `${share * 100} %, mean burst ${length}`,
      whole(count),
      text(held.exact),
      text(held.before),
      text(held.now),
      `below ${limit * 100} %`,
    ];
  });
  return `Percent of ${whole(runs)} seeded phases in which each bound holds, lower / upper; then the percentage that passes the limit in the
last column, though the true share is not below it. "Exact" are the bounds of independent failures (Clopper and Pearson), which
the check of errors had before.

${rowsOf(['true share', 'requests', 'exact', 'before', 'now', 'limit'], rows)}

The lengths of these bursts vary, and a few short ones may be all that a phase shows: the upper bound then holds less often.`;
}

/** How often "errors < 0.1 %" passes at a true 0.1 %. */
export function falsePasses(): string {
  const rows = [2_995, 24_000, 192_000].flatMap((count) =>
    [1, 8, 64].map((length) => {
      const fixed = draw(count, length, DRAWS);
      const varied = draw(count, length, DRAWS, true);
      const excluded = excludedBurst(0, count, 0.001);
      return [
        whole(count),
        String(length),
        `up to ${excluded}${excluded >= length ? '' : ': not this'}`,
        ...[fixed.exact, fixed.passed, fixed.claimed, varied.passed].map((share) => share.toFixed(1)),
      ];
    }),
  );
  return `### "errors < 0.1 %" at a true 0.1 %

Percent of ${whole(DRAWS)} seeded phases that pass, though the share is not below the limit. The last column has bursts of varied
length with this mean (geometric): then many are longer than it.
With 2,995 requests and single failures, 0.999^2995 = 5.0 % of the phases have none: the rest is the draw.

${rowsOf(['requests', 'bursts of', 'excluded without a failure', 'exact bounds pass', 'now pass', 'and the verdict says it excludes them', 'varied lengths pass'], rows)}`;
}

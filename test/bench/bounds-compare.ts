import { Latencies } from '../../harness/core/record/latencies.ts';
import { differenceBounds } from '../../harness/core/stats.ts';
import { type Random, seededRandom } from '../../harness/core/random.ts';
import { compare, type Sample, type Scope } from '../../harness/modes/compare/compare.ts';
import { differingRun } from '../helpers/doubles/differing-run.ts';
import { formerShareBounds } from './former-bounds.ts';
import { rowsOf, whole } from './section.ts';

const DRAWS = 1_000;
/** The smallest difference of shares that matters; see harness/modes/compare/compare.ts. */
const LEAST_SHARE = 0.001;

/** How often equal systems seem different, though their runs differ by themselves. */
export function falseAlarms(): string {
  const rows = [2, 3, 5].map((runs) => {
    const random = seededRandom(runs);
    const seen = { before: 0, errors: 0, any: 0 };
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const scope = drawScope(random, runs);
      const found = compare([scope], { least: 0.1 }).filter(
        ({ finding }) => finding === 'slower' || finding === 'faster',
      );
      if (found.length > 0) seen.any += 1;
      if (found.some(({ metric }) => metric === 'errors')) seen.errors += 1;
      if (formerAlarm(scope)) seen.before += 1;
    }
    const share = (n: number): string => ((n / DRAWS) * 100).toFixed(1);
    return [String(runs), share(seen.before), share(seen.errors), share(seen.any)];
  });
  return `Percent of ${whole(DRAWS)} seeded comparisons of two equal systems that find one slower or faster. The share of failures is 2 % of
6,000 requests and differs between runs by a third (log-normal, 0.3); latencies differ by a tenth. Before, the requests of
all runs were the unit for errors.

${rowsOf(['runs a side', 'errors, before', 'errors, now', 'any of p50, p95, p99 and errors, now'], rows)}`;
}

const drawScope = (random: Random, runs: number): Scope => {
  const side = (): Sample[] =>
    Array.from({ length: runs }, () => {
      const { latencies, failures } = differingRun(random);
      return { latencies: new Latencies('judged', latencies), failures };
    });
  return { phase: 'load', endpoint: undefined, a: side(), b: side() };
};

function formerAlarm({ a, b }: Scope): boolean {
  const pooled = (side: readonly Sample[]): number[] => side.flatMap(({ failures }) => [...failures]);
  const bounds = (side: readonly Sample[]) => formerShareBounds(pooled(side), 1 - 0.05 / 4);
  const { value, lower, upper } = differenceBounds(bounds(a), bounds(b));
  return (lower > 0 || upper < 0) && Math.abs(value) >= LEAST_SHARE;
}

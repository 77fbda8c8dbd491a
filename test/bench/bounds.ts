import { percentileBounds } from '../../harness/core/bounds/percentile.ts';
import { type Random, seededRandom } from '../../harness/core/random.ts';
import { autoregressive, drawBursts, flagsOf } from '../helpers/doubles/hanging.ts';
import { exponential, queueLatencies } from '../helpers/doubles/queue.ts';
import { falseAlarms } from './bounds-compare.ts';
import { falsePasses, shareCoverage } from './bounds-shares.ts';
import { formerPercentileHolds } from './former-bounds.ts';
import { rowsOf, type Section, whole } from './section.ts';

/** Seeded runs of each row. A share of 95 % of them has a standard deviation of 1 %. */
const RUNS = 400;

interface Stream {
  readonly name: string;
  readonly count: number;
  readonly draw: (random: Random) => ArrayLike<number>;
  /** The true percentiles: 95th and 99th. */
  readonly truth: readonly [number, number];
}

const NORMAL = [1.644854, 2.326348] as const;
/** Requests a second, of the queues. It gives no more than a unit. */
const RATE = 300;

const correlated = (correlation: number, count = 6_000): Stream => ({
  name: `each like the one before: AR(1), ${correlation}`,
  count,
  draw: (random) => autoregressive(random, count, correlation),
  truth: NORMAL,
});

function queue(utilisation: number, count: number): Stream {
  const serviceMs = (utilisation * 1_000) / RATE;
  const mean = serviceMs / (1 - utilisation);
  return {
    name: `a queue, busy ${utilisation * 100} % of the time (M/M/1)`,
    count,
    draw: (random) => queueLatencies(random, count, serviceMs, utilisation),
    truth: [-Math.log(0.05) * mean, -Math.log(0.01) * mean],
  };
}

/** In an outage a request takes a second more. */
function outages(share: number, length: number, count: number): Stream {
  const [ms, slowMs] = [10, 1_000];
  const at = (beyond: number): number =>
    beyond > share
      ? // Above it are the outages, and the slowest of the other requests.
        -ms * Math.log((beyond - share) / (1 - share))
      : slowMs - ms * Math.log(beyond / share);
  return {
    name: `outages: ${share * 100} % of the requests, ${length} at a time (geometric)`,
    count,
    draw: (random) => {
      const flags = flagsOf(drawBursts(random, count, share, length, true), count, random);
      return Float64Array.from(flags, (slow) => exponential(random, ms) + slow * slowMs);
    },
    truth: [at(0.05), at(0.01)],
  };
}

const STREAMS: readonly Stream[] = [
  {
    name: 'independent',
    count: 6_000,
    draw: (random) => Float64Array.from({ length: 6_000 }, () => exponential(random, 10)),
    truth: [-Math.log(0.05) * 10, -Math.log(0.01) * 10],
  },
  ...[0.5, 0.9, 0.95, 0.99].map((correlation) => correlated(correlation)),
  correlated(0.9, 16_680),
  queue(0.7, 6_000),
  queue(0.7, 18_000),
  queue(0.9, 6_000),
  queue(0.9, 18_000),
  outages(0.04, 300, 18_000),
  outages(0.04, 30, 18_000),
];

/** How often the bounds hold that judge shares and percentiles, by simulation, before and after bursts are counted. */
export const bounds: Section = async () => {
  const rows = STREAMS.flatMap((stream) => [95, 99].map((p, i) => coverageRow(stream, p, stream.truth[i] ?? NaN)));
  const text = `### How often bounds hold

Each bound promises 95 %. [bounds.md](bounds.md) has the simulation: latencies that depend on each other, failures in bursts, and
comparisons of equal runs.
`;
  return { text, page: { name: 'bounds', title: 'How often the bounds hold', text: page(rows) } };
};

function coverageRow({ name, count, draw }: Stream, p: number, truth: number): readonly string[] {
  const random = seededRandom(count + p);
  const held = { lower: 0, upper: 0, formerLower: 0, formerUpper: 0, warned: 0, short: 0 };
  for (let run = 0; run < RUNS; run += 1) {
    const values = draw(random);
    const found = percentileBounds(values, p);
    if (found === undefined) continue;
    if (found.lower <= truth) held.lower += 1;
    if (found.upper >= truth) held.upper += 1;
    if (found.stretch > found.excluded) held.warned += 1;
    else if (found.upper < truth) held.short += 1;
    const former = formerPercentileHolds(values, p, truth);
    if (former.lower) held.formerLower += 1;
    if (former.upper) held.formerUpper += 1;
  }
  const unwarned = RUNS - held.warned;
  const share = (n: number, of = RUNS): string => (of < RUNS / 20 ? '–' : ((n / of) * 100).toFixed(1));
  return [
    name,
    whole(count),
    `p${p}`,
    `${share(held.formerLower)} / ${share(held.formerUpper)}`,
    `${share(held.lower)} / ${share(held.upper)}`,
    share(held.warned),
    share(unwarned - held.short, unwarned),
  ];
}

const page = (
  rows: readonly (readonly string[])[],
): string => `A verdict rests on bounds: "p95 < 200 ms" holds when the upper bound of p95 is below 200 ms. Each bound promises to be on the
right side of the truth in 95 % of all phases. Failures and slow requests come together, so this page measures the promise with
seeded streams whose truth is known. "Before" are the bounds of ten batches with t, which this project had first.

## Percentiles

Percent of ${whole(RUNS)} seeded phases in which each bound holds, lower / upper. The last columns are about what the figure itself
says: "warned" is the percentage of phases whose result says that slow requests came in longer stretches than the upper bound
holds for; then the upper bound without those phases.

${rowsOf(['latencies', 'requests', '', 'before', 'now', 'warned', 'upper, not warned'], rows)}

**What cannot be covered.** A stretch of slow requests that is longer than the phase can exclude (requests × 5 % / 3 for p95, × 1 % / 3
for p99) may not be seen at all, and then no bound can know of it. This is so near saturation, for p99, and in long outages: there
the upper bound holds less often than it promises. \`chaos validate\` prints the length beforehand, and each result has it beside its
bounds. A phase without a warning is no proof there: it may have seen too little. Longer phases help, and more runs (\`chaos compare\`).

## Shares of failures

${shareCoverage(RUNS)}

${falsePasses()}

## Comparisons

${falseAlarms()}`;

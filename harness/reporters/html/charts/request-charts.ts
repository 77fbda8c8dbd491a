import type { CheckResult } from '../../../core/kinds/check-result.ts';
import { judgedLatency, Latencies, POPULATIONS } from '../../../core/record/latencies.ts';
import { OUTCOMES, type RequestTable, SOURCES } from '../../../core/load/load.ts';
import { type Buckets, type Chart, type Charted, limitsOf, round, spread } from './chart.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');
const DROPPED = OUTCOMES.indexOf('dropped');
/** Colours in the order of OUTCOMES. */
const OUTCOME_COLOR: readonly number[] = [6, 3, 1, 2, 5, 7, 8, 4, 0, 0, 8, 5, 4];

interface RequestCharts {
  readonly latency: readonly Chart[];
  readonly errors: readonly Chart[];
}

/**
 * Returns the charts whose figures come from each request, and not from a series: percentiles of any height by the
 * planned moment, and failures by outcome. The event that the load records each second has no such figures.
 */
export function requestCharts(
  { requests, plan: { load } }: Charted,
  buckets: Buckets,
  results: readonly CheckResult[],
): RequestCharts {
  if (requests.length === 0) return { latency: [], errors: [] };
  const latencies = inBuckets(requests, buckets, load.timeoutMs);
  const failures = new Map<number, number[]>();
  for (let i = 0; i < requests.length; i += 1) {
    const outcome = requests.outcome[i] ?? 0;
    const at = buckets.of(requests.planned[i] ?? NaN);
    if (requests.source[i] !== OPEN || at < 0 || outcome === OK) continue;
    const counts = failures.get(outcome) ?? buckets.zeros();
    failures.set(outcome, counts);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { latency: [latencyChart(latencies, buckets, results)], errors: [errorChart(failures, buckets)] };
}

/** Returns the judged latencies of each step. They are counted first, and then lie in one piece of memory. */
function inBuckets(requests: RequestTable, buckets: Buckets, timeoutMs: number): readonly Float64Array[] {
  const stepOf = (i: number): number =>
    requests.source[i] === OPEN && requests.outcome[i] !== DROPPED ? buckets.of(requests.planned[i] ?? NaN) : -1;
  const counts = buckets.zeros();
  for (let i = 0; i < requests.length; i += 1) {
    const at = stepOf(i);
    if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
  }
  const all = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  let begin = 0;
  const steps = counts.map((count) => all.subarray(begin, (begin += count)));
  const filled = buckets.zeros();
  for (let i = 0; i < requests.length; i += 1) {
    const at = stepOf(i);
    const step = steps[at];
    if (step === undefined) continue;
    const took = (requests.done[i] ?? NaN) - (requests.planned[i] ?? NaN);
    step[filled[at] ?? 0] = judgedLatency(requests.outcome[i] === OK, took, timeoutMs);
    filled[at] = (filled[at] ?? 0) + 1;
  }
  return steps;
}

function latencyChart(latencies: readonly Float64Array[], { x }: Buckets, results: readonly CheckResult[]): Chart {
  const judged = latencies.map((list) => new Latencies('judged', list));
  const at = (percent: number): (number | null)[] => judged.map((bucket) => round(bucket.percentile(percent)));
  const [p50, p95, p99] = [at(50), at(95), at(99)];
  return {
    id: 'latency',
    title: 'Latency',
    note: `${POPULATIONS.judged}, from the planned moment to the whole answer`,
    unit: 'ms',
    kind: 'line',
    log: spread(p50, p99),
    limits: limitsOf('latency', results),
    x,
    series: [
      { label: 'p50', color: 4, values: p50 },
      { label: 'p95', color: 1, width: 2, values: p95 },
      { label: 'p99', color: 5, dash: [2, 3], values: p99 },
    ],
  };
}

function errorChart(failures: ReadonlyMap<number, readonly number[]>, { x, step }: Buckets): Chart {
  const named = [...failures].toSorted((a, b) => a[0] - b[0]);
  return {
    id: 'errors',
    title: 'Failed requests',
    note: named.length === 0 ? 'none' : 'by outcome, at the planned moment',
    unit: '/s',
    kind: 'stack',
    x,
    series: named.map(([code, counts]) => ({
      label: (OUTCOMES[code] ?? 'other').replace('_', ' '),
      color: OUTCOME_COLOR[code] ?? 0,
      values: counts.map((n) => round(n / step)),
    })),
  };
}

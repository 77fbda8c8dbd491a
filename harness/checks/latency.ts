import { z } from 'zod';
import { defineCheck } from '../core/kinds/check.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import { formatDuration } from '../core/duration.ts';
import type { History } from '../core/record/history.ts';
import type { JudgedPhase } from '../core/plan/phases.ts';
import { duration, lasting } from '../kit/schema.ts';
import { defineStopRule } from '../core/kinds/stop-rule.ts';
import { leastForPercentile } from '../core/bounds/percentile.ts';
import { during, of, ofText, select } from '../kit/selection.ts';

const PERCENTILES = { p50: 50, p90: 90, p95: 95, p99: 99 } as const;
type Percentile = keyof typeof PERCENTILES;
const NAMES = Object.keys(PERCENTILES) as Percentile[];

const params = z
  .strictObject({
    p50: duration.optional(),
    p90: duration.optional(),
    p95: duration.optional(),
    p99: duration.optional(),
    of,
    during,
  })
  .refine((p) => NAMES.some((name) => p[name] !== undefined), {
    error: 'write at least one of p50, p90, p95, p99, for example p95: 200ms',
  });

/** The percentiles that each second of the load has. */
const SECONDLY = { p50_above: 'p50', p95_above: 'p95' } as const;
const SECONDLY_KEYS = Object.keys(SECONDLY) as (keyof typeof SECONDLY)[];

const stopParams = z
  .strictObject({ p50_above: duration.optional(), p95_above: duration.optional(), ...lasting(5_000) })
  .refine((p) => SECONDLY_KEYS.filter((key) => p[key] !== undefined).length === 1, {
    error: 'write one of p50_above and p95_above, for example p95_above: 2s',
  });

/** The percentile and the limit that are written in the file. */
function limitOf(p: Omit<z.output<typeof stopParams>, 'for'>) {
  const key = SECONDLY_KEYS.find((key) => p[key] !== undefined) ?? 'p95_above';
  return { name: SECONDLY[key], limit: p[key] ?? Infinity };
}

export default defineCheck({
  name: 'latency',
  summary:
    'A percentile of the latency that users feel, from the planned moment to the whole answer, stays under a limit.',
  params,
  example: { p95: '200ms', during: ['baseline', 'recovery'] },
  refers: (p) => ({ of: p.of }),
  inPhase: (p, phase) => ({ ...p, during: [phase] }),
  describe: (p) =>
    `latency ${namedIn(p)
      .map((name) => limitText(name, p[name]))
      .join(', ')}${ofText(p.of)}`,
  needs(p) {
    const named = namedIn(p);
    const highest = Math.max(...named.map((name) => PERCENTILES[name]));
    const least = leastForPercentile(highest);
    const limits = named.map((name) => {
      const text = `latency ${limitText(name, p[name])}${ofText(p.of)}`;
      return { text, share: 1 - PERCENTILES[name] / 100 };
    });
    return { of: p.of, during: p.during, least, why: `bounds of p${highest} need ${least} requests`, limits };
  },
  evaluate: (history, p) =>
    NAMES.flatMap((name) => {
      const limit = p[name];
      return limit === undefined ? [] : p.during.map((phase) => judge(history, name, limit, p.of, phase));
    }),
  stopIf: defineStopRule<Omit<z.output<typeof stopParams>, 'for'>>({
    summary: 'Ends the run when a percentile of the answers of each second is too slow.',
    params: stopParams,
    example: { p95_above: '2s', for: '20s' },
    spanMs: () => 1_000,
    describe: (p) => `latency ${limitOf(p).name} of answers > ${formatDuration(limitOf(p).limit)}`,
    watch: (p) => {
      const { name, limit } = limitOf(p);
      return (event) => {
        const value = event.kind === 'load' ? event[`${name}_ms`] : undefined;
        if (value === undefined) return [];
        return [
          { holds: value > limit, observed: `in the last second ${name} of the answers was ${formatDuration(value)}` },
        ];
      };
    },
  }),
});

const namedIn = (p: z.output<typeof params>): readonly Percentile[] => NAMES.filter((name) => p[name] !== undefined);

const limitText = (name: Percentile, limit = Infinity): string => `${name} < ${formatDuration(limit)}`;

function judge(
  history: History,
  name: Percentile,
  limit: number,
  what: string | undefined,
  phase: JudgedPhase,
): CheckResult {
  const {
    ok,
    latencies: { judged },
  } = select(history, phase, what);
  const estimate = judged.bounds(PERCENTILES[name]);
  const result = {
    name: `latency ${name}${ofText(what)}`,
    expected: limitText(name, limit),
    limit: { chart: 'latency', value: limit, label: `limit of ${name}: ${limit} ms` },
    samples: judged.count,
    during: [phase],
  };
  if (estimate === undefined) {
    return { ...result, verdict: 'INCONCLUSIVE', observed: `too few requests for a bound (${judged.count})` };
  }
  const { value, lower, upper, stretch, excluded } = estimate;
  const verdict = upper < limit ? 'PASS' : lower > limit ? 'FAIL' : 'INCONCLUSIVE';
  const bounds = `95 % bounds ${formatDuration(Math.max(0, lower))} to ${formatDuration(upper)}`;
  const holds =
    stretch > excluded
      ? `slow requests came in stretches of about ${stretch.toFixed(0)}, and the upper bound holds for up to ${excluded}`
      : `for slow stretches of up to ${excluded} requests`;
  const whose = judged.count === ok ? '' : ', failed requests as slow as the timeout';
  const figure = { value, unit: 'duration', worse: 'more' } as const;
  return { ...result, figure, verdict, observed: `${formatDuration(value)}${whose} (${bounds}, ${holds})` };
}

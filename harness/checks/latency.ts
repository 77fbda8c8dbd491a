import { z } from 'zod';
import { defineCheck } from '../core/check.ts';
import type { CheckResult } from '../core/check-result.ts';
import { formatDuration } from '../core/duration.ts';
import type { History } from '../core/history.ts';
import type { JudgedPhase } from '../core/phases.ts';
import { duration } from '../core/schema.ts';
import { defineStopRule } from '../core/stop-rule.ts';
import { percentileBounds } from '../core/stats.ts';
import { during, of, ofText, select } from './selection.ts';

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

/** What each second of the load tells of its answers. */
const SECONDLY = { p50_above: 'p50', p95_above: 'p95' } as const;
const SECONDLY_KEYS = Object.keys(SECONDLY) as (keyof typeof SECONDLY)[];

const stopParams = z
  .strictObject({ p50_above: duration.optional(), p95_above: duration.optional() })
  .refine((p) => SECONDLY_KEYS.filter((key) => p[key] !== undefined).length === 1, {
    error: 'write one of p50_above and p95_above, for example p95_above: 2s',
  });

/** The one that is written. */
function limitOf(p: z.output<typeof stopParams>) {
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
  evaluate: (history, p) =>
    NAMES.flatMap((name) => {
      const limit = p[name];
      return limit === undefined ? [] : p.during.map((phase) => judge(history, name, limit, p.of, phase));
    }),
  stopIf: defineStopRule({
    params: stopParams,
    example: { p95_above: '2s', for: '20s' },
    spanMs: 1_000,
    describe: (p) => `latency ${limitOf(p).name} > ${formatDuration(limitOf(p).limit)}`,
    watch: (p) => {
      const { name, limit } = limitOf(p);
      return (event) => {
        const value = event.kind === 'load' ? event[`${name}_ms`] : undefined;
        if (value === undefined) return [];
        return [{ holds: value > limit, observed: `in the last second ${name} was ${formatDuration(value)}` }];
      };
    },
  }),
});

function judge(
  history: History,
  name: Percentile,
  limit: number,
  what: string | undefined,
  phase: JudgedPhase,
): CheckResult {
  const { latencies } = select(history, phase, what);
  const estimate = percentileBounds(latencies, PERCENTILES[name]);
  const result = {
    name: `latency ${name}${ofText(what)}`,
    expected: `${name} < ${formatDuration(limit)}`,
    samples: latencies.length,
    during: [phase],
  };
  if (estimate === undefined) {
    return { ...result, verdict: 'INCONCLUSIVE', observed: `too few requests for a bound (${latencies.length})` };
  }
  const { value, lower, upper } = estimate;
  const verdict = upper < limit ? 'PASS' : lower > limit ? 'FAIL' : 'INCONCLUSIVE';
  const bounds = `95 % bounds ${formatDuration(Math.max(0, lower))} to ${formatDuration(upper)}`;
  return { ...result, verdict, observed: `${formatDuration(value)} (${bounds})` };
}

import { z } from 'zod';
import type { CheckResult } from '../core/kinds/check-result.ts';
import { defineCheck } from '../core/kinds/check.ts';
import type { JudgedPhase } from '../core/plan/phases.ts';
import { type History, windowOf } from '../core/record/history.ts';
import { shareBounds } from '../core/bounds/share.ts';
import type { Bounds } from '../core/stats.ts';
import { during, of, ofText, select } from '../kit/selection.ts';

/** Fewer requests do not show whether failures come in bursts (see `shareBounds`). */
const LEAST = 100;

const above = z
  .number()
  .positive({ error: 'write a number above 0: it is good answers per second' })
  .meta({ description: 'Good answers per second', examples: [200] });

export default defineCheck({
  name: 'goodput',
  summary: 'The good answers per second in a phase stay above a number.',
  params: z.strictObject({ above, of, during }),
  example: { above: 200, during: ['baseline', 'recovery'] },
  refers: (p) => ({ of: p.of }),
  inPhase: (p, phase) => ({ ...p, during: [phase] }),
  describe: ({ above, of }) => `goodput${ofText(of)} > ${above}/s`,
  needs: ({ of, during, above }) => ({
    of,
    during,
    least: LEAST,
    why: `bounds of goodput need ${LEAST} requests`,
    perSecond: above,
  }),
  evaluate: (history, p) => p.during.map((phase) => judge(history, p.above, p.of, phase)),
});

const perSecond = (value: number): string => `${value.toFixed(1)}/s`;

/**
 * Judges one phase. The number of offered requests is known. The share of good answers is uncertain, so the bounds come
 * from the bounds of this share. A load that offered no more than the limit shows nothing: INCONCLUSIVE.
 */
function judge(history: History, limit: number, what: string | undefined, phase: JudgedPhase): CheckResult {
  const { offered, ok, failures, failuresText } = select(history, phase, what);
  const result = {
    name: `goodput${ofText(what)}`,
    expected: `goodput > ${limit}/s`,
    samples: offered,
    during: [phase],
    ...(ofText(what) === '' && { limit: { chart: 'throughput', value: limit, label: `limit of goodput: ${limit}/s` } }),
  };
  const window = windowOf(history, phase);
  const seconds = window === undefined ? 0 : (window.ended - window.started) / 1_000;
  if (offered < LEAST || seconds <= 0)
    return { ...result, verdict: 'INCONCLUSIVE', observed: `too few requests for a bound (${offered})` };
  const rate = offered / seconds;
  if (rate <= limit) {
    const observed = `the load offered only ${perSecond(rate)}, so more good answers could not come`;
    return { ...result, verdict: 'INCONCLUSIVE', observed };
  }
  const failed = shareBounds(failures);
  const good = { lower: rate * (1 - failed.upper), upper: rate * (1 - failed.lower) };
  const bounds = `95 % bounds ${good.lower.toFixed(1)} to ${perSecond(good.upper)}`;
  const parts = [`${perSecond(ok / seconds)} of ${perSecond(rate)} offered (${bounds})`];
  const figure = { value: ok / seconds, unit: 'per second', worse: 'less' } as const;
  return {
    ...result,
    figure,
    verdict: verdictOf(good, limit),
    observed: [...parts, failuresText].filter(Boolean).join('; '),
  };
}

const verdictOf = ({ lower, upper }: Bounds, limit: number): CheckResult['verdict'] =>
  lower > limit ? 'PASS' : upper < limit ? 'FAIL' : 'INCONCLUSIVE';

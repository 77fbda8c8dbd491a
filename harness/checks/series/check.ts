import { z } from 'zod';
import { type Check, defineCheck } from '../../core/kinds/check.ts';
import { formatDuration } from '../../core/duration.ts';
import { describeLimited, type Limited, watchLimit } from '../../core/kinds/limit.ts';
import { namedIn, refersOf, type Series, spanMs } from '../../core/kinds/series.ts';
import { defineStopRule } from '../../core/kinds/stop-rule.ts';
import type { JudgedPhase } from '../../core/plan/phases.ts';
import { linesOf } from '../../core/record/series-lines.ts';
import { duration, lasting, percentageLike } from '../../kit/schema.ts';
import { during } from '../../kit/selection.ts';
import { limitedSeries } from '../../kit/series/params.ts';
import { type Demand, demandText, judgePhase, leastReadings } from './phase.ts';

const percent = percentageLike('95%')
  .transform((value) => value / 100)
  .refine((value) => value > 0 && value < 1, { error: 'write a percentage between 0% and 100%' });

const paramsOf = (all: readonly Series[]) =>
  limitedSeries(all, {
    during,
    share: percent.optional().meta({
      description: 'For this share of the time at least; default: all of the time',
      examples: ['95%'],
    }),
    at: z.literal('end').optional().meta({ description: 'Only the last reading of the phase counts' }),
    back_within: duration.optional().meta({
      description: 'From this time after the beginning of the phase on, to its end',
      examples: ['10s'],
    }),
  }).refine(({ share, at, back_within: back }) => at === undefined || (share === undefined && back === undefined), {
    error: 'write at alone, without share and back_within',
  });

type Params = Limited & Demand & { readonly during: readonly JudgedPhase[] };

/** Returns the check about the given series. */
export function seriesCheck(all: readonly Series[]): Check<Params> {
  const named = namedIn(all);
  const refers = (p: Limited) => refersOf(named(p), p.of);
  return defineCheck<Params>({
    name: 'series',
    summary:
      'A figure over time stays above or below a limit: all of the time, for a share of it, at the end, or soon again.',
    params: paramsOf(all),
    example: { name: 'queue_depth', of: 'worker', below: 500, during: ['recovery'] },
    requires: (p: Limited) => named(p).requires ?? [],
    refers,
    inPhase: (p, phase) => ({ ...p, during: [phase] }),
    describe: (p) => `${describeLimited(p, named(p))}, ${demandText(p)}`,
    needsLength(p) {
      const { name, everyMs } = named(p);
      const [readings, from] = [leastReadings(p), p.back_within ?? 0];
      const after = from === 0 ? '' : ` after the first ${formatDuration(from)}`;
      const why = `${name} is read every ${formatDuration(everyMs)}: ${readings} readings${after} are needed`;
      return { during: p.during, least: from + readings * everyMs, why };
    },
    measures: (p, spec) => named(p).needs?.(p.of, spec) ?? {},
    evaluate(history, p) {
      const series = named(p);
      const lines = linesOf(series, p.of, { events: history.events, topology: history.plan.topology });
      return p.during.map((phase) => judgePhase(history, series, p, lines, phase));
    },
    stopIf: defineStopRule<Limited>({
      summary:
        'Ends the run when a figure is above or below a limit for too long; of several containers, one is enough.',
      params: limitedSeries(all, lasting(5_000)),
      example: { name: 'cpu', of: 'app', above: '90%', for: '20s' },
      spanMs: (p) => spanMs(named(p)),
      everyMs: (p) => named(p).everyMs,
      describe: (p) => describeLimited(p, named(p)),
      refers,
      measures: (p, spec) => named(p).needs?.(p.of, spec) ?? {},
      watch: (p, spec) => watchLimit(named(p), p, spec),
    }),
  });
}

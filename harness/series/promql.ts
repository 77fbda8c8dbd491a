import { z } from 'zod';
import { defineSeries, type Series } from '../core/kinds/series.ts';
import type { Unit } from '../core/units.ts';
import { type AskedExpression, expressionOf, PROMQL_MS } from '../kit/promql/asked.ts';
import { promqlMistake } from '../kit/promql/mistake.ts';

/** By convention Prometheus counts in seconds, bytes and shares of one. */
const SCALE: Readonly<Partial<Record<Unit, number>>> = { duration: 1_000, percent: 100, share: 100 };

const expression = z
  .string()
  .superRefine((text, ctx) => {
    const mistake = promqlMistake(text);
    if (mistake === undefined) return;
    const message = `${mistake.what} (character ${mistake.at + 1} of the expression)`;
    ctx.addIssue({ code: 'custom', message, params: { code: 'CHAOS_PROMQL', what: 'is no expression in PromQL' } });
  })
  .meta({ description: 'An expression in PromQL', examples: ['sum(rate(http_requests_total[30s]))'] });

/** Returns the series in a unit. The readings are as Prometheus gave them, whatever the unit is. */
const inUnit = (unit: Unit): Series => ({
  name: 'promql',
  summary: "An expression in PromQL. Prometheus' seconds, bytes and shares of one become the unit of the limit.",
  unit,
  everyMs: PROMQL_MS,
  momentary: true,
  of: { schema: expression },
  example: { of: 'sum(rate(http_requests_total{status=~"5.."}[30s]))', above: '1/s' },
  requires: ['prometheus'],
  needs: (of) =>
    of === undefined ? {} : { probes: { promql: [{ expression: of, everyMs: PROMQL_MS } satisfies AskedExpression] } },
  read: (of) => (event) => {
    const asked = event.kind === 'reading' ? expressionOf(event.name) : undefined;
    if (event.kind !== 'reading' || asked === undefined || (of !== undefined && asked !== of)) return [];
    // Without `of` every expression is read, and two of them may have the same labels.
    const labels = of === undefined ? { expression: asked, ...event.labels } : event.labels;
    return [{ labels, value: event.value * (SCALE[unit] ?? 1) }];
  },
  in: inUnit,
});

export default defineSeries(inUnit('count'));

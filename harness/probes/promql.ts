import { repeatedly } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import { ChaosError } from '../core/errors.ts';
import { defineProbe, type ProbeContext } from '../core/kinds/probe.ts';
import type { MetricLabels, QuerySample } from '../core/topology/monitoring.ts';
import { type AskedExpression, askedParams, freshness, MOST_LINES, readingName } from '../kit/promql/asked.ts';
import { recordedBy } from '../kit/promql/recorded.ts';

/** The name of a metric tells lines apart only when the expression selects by it. */
const labelsOf = ({ __name__: name, ...labels }: MetricLabels, expression: string): MetricLabels => {
  const sorted = Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return name !== undefined && expression.includes('__name__') ? { __name__: name, ...sorted } : sorted;
};

/** Too many lines are a gap: nobody could follow them, and they would fill the record. */
const usable = (samples: readonly QuerySample[]): readonly QuerySample[] =>
  samples.length > MOST_LINES ? [] : samples.filter(({ value }) => Number.isFinite(value));

/**
 * Asks Prometheus for an expression. No answer, no value, a value that is no number, and a value from data that is no
 * longer scraped are gaps.
 */
function ask(
  { expression, everyMs }: AskedExpression,
  recorded: ReadonlyMap<string, readonly string[]>,
  { topology, clock, emit }: ProbeContext,
): AsyncDisposable {
  const { monitoring, spec } = topology;
  const source = spec.monitoring?.prometheus ?? 'prometheus';
  const fresh = freshness(expression, recorded);
  return repeatedly(everyMs, async () => {
    const t = clock.now();
    const [samples, still] = await Promise.all([
      monitoring.query(expression),
      fresh === undefined ? undefined : monitoring.query(fresh),
    ]);
    if (still?.length === 0) return;
    for (const { labels, value } of usable(samples)) {
      const name = readingName(expression);
      emit({ kind: 'reading', t, source, name, labels: labelsOf(labels, expression), value, unit: 'count' });
    }
  });
}

export default defineProbe<AskedExpression>({
  name: 'promql',
  summary: 'Expressions in PromQL, for the series, stop conditions and waits that read them.',
  requires: ['prometheus'],
  params: askedParams,
  async ready({ topology: { monitoring } }, wanted) {
    for (const { expression } of wanted) {
      const { length } = await monitoring.query(expression);
      if (length <= MOST_LINES) continue;
      throw new ChaosError('CHAOS_PROMQL', {
        what: `the expression ${expression} has ${length} lines, and ${MOST_LINES} at most can be followed`,
        hint: 'Put lines together, for example by sum by (job) (...), or select fewer.',
        exit: 'not-ready',
      });
    }
  },
  async start(ctx, wanted) {
    if (wanted.length === 0) return together([]);
    const recorded = recordedBy(await ctx.topology.monitoring.rules().catch(() => []));
    return together(wanted.map((one) => ask(one, recorded, ctx)));
  },
});

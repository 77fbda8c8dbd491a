import type { CheckResult } from '../../../core/kinds/check-result.ts';
import type { Series } from '../../../core/kinds/series.ts';
import { series } from '../../../series/index.ts';
import { Buckets, type Chart, type Charted } from './chart.ts';
import { requestCharts } from './request-charts.ts';
import { askedCharts } from './series-charts.ts';
import { standardCharts, throughputChart } from './standard-charts.ts';
import type { Timeline } from './timeline.ts';

/** Returns every chart that has data, in the order of the report. `known`: the series that an experiment may name. */
export function chartsOf(
  history: Charted,
  timeline: Timeline,
  results: readonly CheckResult[] = [],
  known: readonly Series[] = series,
): Chart[] {
  const asked = askedCharts(history, timeline, results, known);
  const others = standardCharts(history, timeline).filter(({ id }) => asked.every((chart) => chart.id !== id));
  const { latency, errors } = requestCharts(history, new Buckets(timeline), results);
  return [...latency, ...throughputChart(history, timeline, results), ...errors, ...asked, ...others];
}

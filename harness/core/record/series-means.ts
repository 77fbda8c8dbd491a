import { limitedBy } from '../kinds/limit.ts';
import { describeSeries, type Series, seriesNamed } from '../kinds/series.ts';
import type { NamedSeries, Plan } from '../plan/plan.ts';
import type { JudgedPhase } from '../plan/phases.ts';
import { mean } from '../stats.ts';
import type { Unit } from '../units.ts';
import { type History, windowOf } from './history.ts';
import { linesOf, type Point } from './series-lines.ts';

/** The mean of all readings of a series in a phase, of all its lines together. */
export interface SeriesMean {
  /** "cpu of app" */
  readonly name: string;
  readonly during: JudgedPhase;
  readonly unit: Unit;
  readonly mean: number;
}

/** The phases that last as long in each run. The heal phase ends when the system is healthy. */
const PHASES = ['baseline', 'fault', 'recovery'] as const satisfies readonly JudgedPhase[];
/** What each run measures, and what shows a change of the system first. */
const ALWAYS: readonly NamedSeries[] = ['latency_p95', 'throughput', 'error_share'].map((name) => ({ name }));

type Asking = Partial<Pick<Plan, 'hypotheses' | 'stop_if' | 'charts'>>;

/** Returns the series that a plan names: first in hypotheses and stop conditions, then under `charts`. Each once. */
export function seriesAskedFor(
  { hypotheses = [], stop_if: stops = [], charts = [] }: Asking,
  known: readonly Series[],
): NamedSeries[] {
  const limited = [...hypotheses, ...stops].flatMap((planned) => limitedBy(planned, known) ?? []);
  return [...new Map([...limited, ...charts].map((named) => [describeSeries(named), named])).values()];
}

/**
 * Returns the means of the series that the plan names, and of three that each run measures, in each phase that the run
 * reached. A series without readings in a phase has no mean there.
 */
export function seriesMeans(history: History, known: readonly Series[]): SeriesMean[] {
  const asked = seriesAskedFor({ ...history.plan, charts: [...(history.plan.charts ?? []), ...ALWAYS] }, known);
  return asked.flatMap((named) => {
    const series = seriesNamed(known, named);
    if (series === undefined) return [];
    const points = pointsOf(series, named.of, history);
    return PHASES.flatMap((during) => {
      const window = windowOf(history, during);
      const within = points.filter(({ at }) => window !== undefined && at >= window.started && at < window.ended);
      if (within.length === 0) return [];
      return { name: describeSeries(named), during, unit: series.unit, mean: mean(within.map(({ value }) => value)) };
    });
  });
}

/** Returns the readings of all lines. None when the record names a line that its topology does not have. */
function pointsOf(series: Series, of: string | undefined, { events, plan }: History): Point[] {
  try {
    return [...linesOf(series, of, { events, topology: plan.topology }).values()].flat();
  } catch {
    return [];
  }
}

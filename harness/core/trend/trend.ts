import type { RunFigures } from '../record/summary.ts';
import { iso } from '../clock.ts';
import type { Unit } from '../units.ts';
import { type Verdict, worstOf } from '../verdict.ts';
import { changePoints } from './change-points.ts';

/** A judged run, as trends need it. */
export interface TrendRun {
  readonly run: string;
  readonly title: string;
  readonly verdict: string;
  readonly started: string;
  readonly dir: string;
  readonly figures: RunFigures;
}

/** What `trend --json` prints. Keys may be added, and never changed or removed. Times are ISO 8601, UTC. */
export interface TrendDocument {
  readonly schema_version: 1;
  readonly experiments: readonly TrendExperiment[];
  readonly series: readonly TrendSeries[];
}

export interface TrendExperiment {
  readonly experiment: string;
  /** The title of the last run. */
  readonly title: string;
  /** Oldest first. */
  readonly runs: readonly {
    readonly run: string;
    readonly t: string;
    readonly verdict: string;
    readonly dir: string;
  }[];
  /** The verdicts of each check, in the order of the last run that has it. */
  readonly checks: readonly {
    readonly name: string;
    readonly verdicts: readonly { readonly run: string; readonly verdict: string }[];
  }[];
}

/** A number over the runs of an experiment. */
export interface TrendSeries {
  readonly experiment: string;
  /** "latency p95 of reads (fault)" */
  readonly name: string;
  /** Whether the number is the figure of a check, or the mean of a series in a phase. */
  readonly of: 'check' | 'series';
  readonly unit: Unit;
  /** Which change is for the worse; null where nobody knows. */
  readonly worse: 'more' | 'less' | null;
  /** Runs that prove nothing (see `RunFigures.valid`) have no point. */
  readonly points: readonly TrendPoint[];
  readonly changes: readonly TrendChange[];
}

interface TrendPoint {
  readonly run: string;
  readonly t: string;
  readonly value: number;
}

export interface TrendChange {
  /** The first run with other values. */
  readonly run: string;
  readonly t: string;
  /** The means before the change and from it on, up to the changes beside it. */
  readonly from: number;
  readonly to: number;
  /** The probability of such a difference when nothing has changed. */
  readonly p: number;
  /** What reruns said: see `chaos compare --gate`. Null when there were none. */
  readonly confirmed: boolean | null;
}

/** Says what reruns found out about a change of a figure at a time, ISO 8601; null when there were none. */
export type Confirmed = (experiment: string, name: string, t: string) => boolean | null;

/** Returns the history of judged runs: verdicts and figures in their order of time, with the places where figures changed. */
export function trendOf(runs: readonly TrendRun[], confirmed: Confirmed = () => null): TrendDocument {
  const byTime = runs.toSorted((a, b) => a.started.localeCompare(b.started) || a.run.localeCompare(b.run));
  const experiments = [...Map.groupBy(byTime, ({ figures }) => figures.experiment)].toSorted(([a], [b]) =>
    a.localeCompare(b),
  );
  return {
    schema_version: 1,
    experiments: experiments.map(([experiment, own]) => experimentOf(experiment, own)),
    series: experiments.flatMap(([experiment, own]) => seriesOf(experiment, own, confirmed)),
  };
}

const time = (started: string): string => iso(Date.parse(started));

/** Names a result by its check and phases, as reports do. */
const inPhases = (name: string, during: readonly string[]): string =>
  during.length === 0 ? name : `${name} (${during.join(', ')})`;

function experimentOf(experiment: string, runs: readonly TrendRun[]): TrendExperiment {
  const verdicts = new Map<string, { readonly run: string; readonly verdict: Verdict }[]>();
  // The last run first, so that its order of the checks counts.
  for (const { run, figures } of runs.toReversed())
    for (const { name, during, verdict } of figures.checks) {
      const key = inPhases(name, during);
      const line = verdicts.get(key) ?? [];
      verdicts.set(key, line);
      // Two hypotheses may have one name: the worse verdict is shown.
      const same = line.at(-1)?.run === run ? line.pop() : undefined;
      line.push({ run, verdict: (same && worstOf([verdict, same.verdict])) ?? verdict });
    }
  return {
    experiment,
    title: runs.at(-1)?.title ?? '',
    runs: runs.map(({ run, started, verdict, dir }) => ({ run, t: time(started), verdict, dir })),
    checks: [...verdicts].map(([name, line]) => ({ name, verdicts: line.reverse() })),
  };
}

type Value = Omit<TrendSeries, 'experiment' | 'points' | 'changes'> & { readonly value: number };

function valuesOf({ valid, checks, series }: RunFigures): Value[] {
  if (!valid) return [];
  return [
    ...checks.flatMap(({ name, during, figure }) =>
      figure === undefined ? [] : { ...figure, name: inPhases(name, during), of: 'check' as const },
    ),
    ...series.map(({ name, during, unit, mean }) => ({
      name: `${name} (${during})`,
      of: 'series' as const,
      unit,
      worse: null,
      value: mean,
    })),
  ].filter(({ value }) => Number.isFinite(value));
}

/** Returns the figures of a run's checks by the names of their series. None of a run that proves nothing. */
export const figureNames = (figures: RunFigures): ReadonlyMap<string, number> =>
  new Map(valuesOf(figures).flatMap(({ of, name, value }) => (of === 'check' ? [[name, value] as const] : [])));

function seriesOf(experiment: string, runs: readonly TrendRun[], confirmed: Confirmed): TrendSeries[] {
  const lines = new Map<string, { readonly value: Value; readonly points: TrendPoint[] }>();
  for (const { run, started, figures } of runs)
    for (const value of valuesOf(figures)) {
      const key = [value.of, value.name, value.unit].join('\n');
      const line = lines.get(key) ?? { value, points: [] };
      lines.set(key, line);
      // Two hypotheses with one name and phase have one figure.
      if (line.points.at(-1)?.run !== run) line.points.push({ run, t: time(started), value: value.value });
    }
  return [...lines.values()].map(({ value: { name, of, unit, worse }, points }) => ({
    experiment,
    name,
    of,
    unit,
    worse,
    points,
    changes: changesOf(points, (t) => confirmed(experiment, name, t)),
  }));
}

const changesOf = (points: readonly TrendPoint[], confirmed: (t: string) => boolean | null): TrendChange[] =>
  changePoints(points.map(({ value }) => value)).flatMap(({ at, from, to, p }) => {
    const first = points[at];
    return first === undefined ? [] : { run: first.run, t: first.t, from, to, p, confirmed: confirmed(first.t) };
  });

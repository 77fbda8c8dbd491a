import { median } from '../../../core/stats.ts';
import { type Answers, lastAnswer } from '../../../core/trend/answers.ts';
import { changeToAsk, CLEARLY_BEFORE } from '../../../core/trend/ask.ts';
import { changePoints, NIGHTLY } from '../../../core/trend/change-points.ts';
import { residualsOf, usualVariation } from '../../../core/trend/confirm.ts';
import { trendOf, type TrendRun, type TrendSeries } from '../../../core/trend/trend.ts';
import type { Unit } from '../../../core/units.ts';

/** A figure that looks worse than in the base. Only reruns can say whether it is. */
export interface Suspect {
  /** "latency p95 of reads (fault)" */
  readonly name: string;
  readonly unit: Unit;
  /** In the base, and now. */
  readonly from: number;
  readonly to: number;
  /** How far the values of the history are from the median of their part. Empty when the history is short. */
  readonly residuals: readonly number[];
  /** How many values the history has, and the probability of the change there by chance; 1 where it is no change point. */
  readonly values: number;
  readonly p: number;
}

/** With fewer values, a history does not tell how much a figure usually varies. */
const ENOUGH = 10;
/** A value is unusual when it is this many usual deviations away. */
const UNUSUAL = 3;

export interface Question {
  readonly base: readonly TrendRun[];
  readonly now: TrendRun;
  /** All recorded runs, of this experiment and others. */
  readonly runs: readonly TrendRun[];
  readonly answers: readonly Answers[];
}

/**
 * Returns the figures of checks that look worse now than in the base: by 5 % or more, and unusually for their history where
 * there is one; or by a young change of the history, with the base before it, that reruns have not refuted.
 */
export function suspectsOf({ base, now, runs, answers }: Question): Suspect[] {
  const all = [...new Map([...runs, ...base, now].map((one) => [one.run, one])).values()];
  const until = all.filter(({ started, figures }) => started <= now.started && isOf(now, figures));
  const history = trendOf(until).series.filter(({ of }) => of === 'check');
  return history.flatMap((series) => {
    const last = lastAnswer(answers, series.experiment, series.name);
    const suspect = looksWorse(series, base, now) ?? hasChanged(series, base, now, last);
    return suspect ?? [];
  });
}

const isOf = (now: TrendRun, { experiment }: TrendRun['figures']): boolean => experiment === now.figures.experiment;

const valuesIn = ({ points }: TrendSeries, runs: readonly TrendRun[]): number[] =>
  points.filter(({ run }) => runs.some((one) => one.run === run)).map(({ value }) => value);

const isWorse = ({ worse }: TrendSeries, from: number, to: number): boolean =>
  (worse === 'more' ? to > from : to < from) && Math.abs(to - from) >= NIGHTLY.effect * Math.abs(from);

function looksWorse(series: TrendSeries, base: readonly TrendRun[], now: TrendRun): Suspect | undefined {
  const [from, to] = [median(valuesIn(series, base)), valuesIn(series, [now])[0]];
  if (from === undefined || to === undefined || !isWorse(series, from, to)) return undefined;
  const values = series.points.filter(({ run }) => run !== now.run).map(({ value }) => value);
  const residuals = usual(values);
  if (residuals.length > 0 && Math.abs(to - from) < UNUSUAL * usualVariation(residuals)) return undefined;
  return { name: series.name, unit: series.unit, from, to, residuals, values: series.points.length, p: 1 };
}

function hasChanged(
  series: TrendSeries,
  base: readonly TrendRun[],
  now: TrendRun,
  last: ReturnType<typeof lastAnswer>,
): Suspect | undefined {
  const values = series.points.map(({ value }) => value);
  const change = changeToAsk(changePoints(values), values.length, last);
  const first = change === undefined ? undefined : series.points[change.at];
  const isCurrent = series.points.at(-1)?.run === now.run;
  if (change === undefined || first === undefined || !isCurrent || !isWorse(series, change.from, change.to))
    return undefined;
  // Reruns of a base from after the change would show nothing.
  const before = series.points.slice(0, Math.max(0, change.at - CLEARLY_BEFORE + 1)).map(({ run }) => run);
  if (valuesIn(series, base).length === 0 || !base.every(({ run }) => before.includes(run))) return undefined;
  const { name, unit } = series;
  return { name, unit, from: change.from, to: change.to, residuals: usual(values), values: values.length, p: change.p };
}

/** Returns the residuals of a history; none when it is too short to tell what is usual. */
function usual(values: readonly number[]): number[] {
  if (values.length < ENOUGH) return [];
  return residualsOf(
    values,
    changePoints(values).map(({ at }) => at),
  );
}

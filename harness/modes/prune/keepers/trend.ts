import { changePoints, NIGHTLY } from '../../../core/trend/change-points.ts';
import { type TrendSeries, trendOf } from '../../../core/trend/trend.ts';
import { trendRuns } from '../../../record/summaries.ts';
import type { Keeper } from '../keeper.ts';

/**
 * Keeps the runs on both sides of each change of a figure, as many as show the change, and the newest PASS of each
 * experiment whose figures can be believed: `chaos compare --against last-good` begins with it.
 */
export const trend: Keeper = ({ summaries }) => {
  const runs = trendRuns(summaries);
  const needed = new Map<string, string>();
  const good = runs.filter(({ verdict, figures }) => verdict === 'PASS' && figures.valid);
  for (const of of Map.groupBy(good, ({ figures }) => figures.experiment).values()) {
    const last = of.toSorted((a, b) => a.started.localeCompare(b.started)).at(-1);
    if (last !== undefined) needed.set(last.run, 'is the last good run of its experiment');
  }
  for (const series of trendOf(runs).series) {
    for (const run of atChanges(series)) needed.set(run, `shows a change of ${series.name}`);
  }
  return ({ run }) => needed.get(run);
};

/** Returns the runs that show the changes of a series. */
const atChanges = ({ points, changes }: TrendSeries): readonly string[] =>
  changes.flatMap((change) => {
    const at = points.findIndex(({ run }) => run === change.run);
    let side = NIGHTLY.least;
    while (side < points.length && !shows(points, at, side)) side *= 2;
    return points.slice(Math.max(0, at - side), at + side).map(({ run }) => run);
  });

/** Says whether so many runs on each side are enough to find the change. */
function shows(points: TrendSeries['points'], at: number, side: number): boolean {
  const from = Math.max(0, at - side);
  const values = points.slice(from, at + side).map(({ value }) => value);
  return changePoints(values).some((found) => found.at === at - from);
}

import { iso } from '../../core/clock.ts';
import type { GamedayDocument } from '../../core/gameday/document.ts';
import { type DueExperiment, dueActions } from '../../core/gameday/due.ts';
import { endedBelow } from '../../record/ended.ts';
import { readSummaries } from '../../record/summaries.ts';

/** Returns the experiments of actions that are due, from all game days below `reports`. `now`: epoch milliseconds. */
export function dueBelow(reports: string, now: number): DueExperiment[] {
  const days = endedBelow<GamedayDocument>(reports, 'gameday');
  if (days.every(({ actions }) => actions.length === 0)) return [];
  const runs = readSummaries(reports).flatMap(({ figures, verdict, started }) =>
    figures === undefined ? [] : [{ experiment: figures.experiment, verdict, started }],
  );
  return dueActions(days, runs, iso(now).slice(0, 10));
}

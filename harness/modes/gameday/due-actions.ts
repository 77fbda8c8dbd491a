import type { GamedayDocument } from '../../core/gameday/document.ts';
import { type DueExperiment, dueActions } from '../../core/gameday/due.ts';
import { foldersBelow, headerOf } from '../../record/folders.ts';
import { readSummaries } from '../../record/summaries.ts';

/** Returns the experiments of actions that are due, from all game days below `reports`. `now`: epoch milliseconds. */
export function dueBelow(reports: string, now: number): DueExperiment[] {
  const days = foldersBelow(reports).flatMap(({ kind, dir }) => {
    const document = kind === 'gameday' ? documentIn(dir) : undefined;
    // A day that is at work has a header only.
    return document?.actions === undefined || document.ended === undefined ? [] : [document as GamedayDocument];
  });
  if (days.every(({ actions }) => actions.length === 0)) return [];
  const runs = readSummaries(reports).flatMap(({ figures, verdict, started }) =>
    figures === undefined ? [] : [{ experiment: figures.experiment, verdict, started }],
  );
  return dueActions(days, runs, new Date(now).toISOString().slice(0, 10));
}

function documentIn(dir: string): Partial<GamedayDocument> | undefined {
  try {
    return headerOf(dir, 'gameday') as Partial<GamedayDocument>;
  } catch {
    return undefined;
  }
}

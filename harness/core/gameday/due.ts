import type { GamedayDocument } from './document.ts';

/** An action of a game day whose date has come, and of which no run has shown that it is done. */
export interface DueAction {
  /** The name of the game day's folder. */
  readonly gameday: string;
  readonly what: string;
  readonly owner: string;
  /** A day: "2026-12-14". */
  readonly due: string;
}

/** The actions that one experiment will show to be done. */
export interface DueExperiment {
  /** Its name: the file without `.yaml`. */
  readonly experiment: string;
  readonly actions: readonly DueAction[];
}

/** A run as its summary tells of it. `started`: ISO 8601. */
export interface ShownRun {
  readonly experiment: string;
  readonly verdict: string;
  readonly started: string;
}

type Day = Pick<GamedayDocument, 'run' | 'ended' | 'actions'>;

/**
 * Returns the experiments of actions that are due today, the longest due first. An action is done when its experiment has passed
 * since the game day. An action without an experiment is shown by no run. `today`: "2026-12-14".
 */
export function dueActions(days: readonly Day[], runs: readonly ShownRun[], today: string): DueExperiment[] {
  const due = days.flatMap(({ run: gameday, ended, actions }) =>
    actions.flatMap(({ what, owner, due: day, experiment }) => {
      if (experiment === null || day > today) return [];
      const done = runs.some((run) => run.experiment === experiment && run.verdict === 'PASS' && run.started > ended);
      return done ? [] : [{ experiment, action: { gameday, what, owner, due: day } }];
    }),
  );
  const sorted = due.toSorted((a, b) => a.action.due.localeCompare(b.action.due));
  return [...Map.groupBy(sorted, ({ experiment }) => experiment)].map(([experiment, of]) => ({
    experiment,
    actions: of.map(({ action }) => action),
  }));
}

import type { CoveredRun } from '../../../core/coverage/covered-run.ts';
import type { Keeper } from '../keeper.ts';

/**
 * Keeps the runs that a cell of coverage stands on: of each fault with its parameters, on each topology, the newest run that
 * proved it and the newest that failed. Which of the two decides depends on what the topology is when coverage is asked for.
 */
export const cell: Keeper = ({ covered }) => {
  const needed = new Map<string, string>();
  for (const verdict of ['FAIL', 'PASS'] as const) {
    const tries = covered.filter((run) => run.verdict === verdict).flatMap(triesOf);
    for (const of of Map.groupBy(tries, ({ key }) => key).values()) {
      const newest = of.toSorted((a, b) => a.when.localeCompare(b.when)).at(-1);
      if (newest !== undefined) needed.set(newest.run, `is the newest ${verdict} of ${newest.fault} in the coverage`);
    }
  }
  return ({ run }) => needed.get(run);
};

const triesOf = ({ run, when, project, faults }: CoveredRun) =>
  faults.map(({ fault, params }) => ({ run, when, fault, key: JSON.stringify([project, fault, params]) }));

import type { Keeper } from '../keeper.ts';

/** Keeps the newest runs of each experiment, and the newest loads and noise figures of each title. */
export const newest: Keeper = ({ all, keep }) => {
  const kept = new Set([...Map.groupBy(all, ({ subject }) => subject).values()].flatMap((of) => of.slice(-keep)));
  const reason = keep === 1 ? 'is the newest of its experiment' : `is among the ${keep} newest of its experiment`;
  return (recorded) => (kept.has(recorded) ? reason : undefined);
};

import type { Keeper } from '../keeper.ts';

/** Keeps the newest PASS of each experiment: comparisons and reruns begin with the last good run. */
export const newestPass: Keeper = ({ all }) => {
  const passed = Map.groupBy(
    all.filter(({ verdict }) => verdict === 'PASS'),
    ({ subject }) => subject,
  );
  const kept = new Set([...passed.values()].flatMap((of) => of.slice(-1)));
  return (recorded) => (kept.has(recorded) ? 'is the newest PASS of its experiment' : undefined);
};

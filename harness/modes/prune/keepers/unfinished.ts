import type { Keeper } from '../keeper.ts';

/** Keeps what is at work, and every run that may not be put back: its record and journal say how. */
export const unfinished: Keeper =
  ({ open }) =>
  ({ run, verdict, restored }) => {
    if (verdict === 'RUNNING') return 'is at work';
    if (open.has(run)) return 'has undo steps that are not done: `chaos heal`';
    if (restored === true) return undefined;
    return restored === false
      ? 'is not restored'
      : 'has no verdict, so nothing says that it is put back: `chaos heal RUN`';
  };

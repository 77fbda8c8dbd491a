import type { ResultStore } from '../core/record/run.ts';

/** Returns an object that works on the same store, and that does not close the store when it is disposed of. */
export const lent = (store: ResultStore): ResultStore => ({
  save: (judged) => store.save(judged),
  runs: () => store.runs(),
  remove: (runs) => store.remove(runs),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

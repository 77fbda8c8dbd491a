// First: what the others import may ask for a folder at once.
import { clearScratch } from './scratch.ts';
import type { Context, RootHookObject } from 'mocha';
import { leaveNothing } from './chaos.ts';

const warnings: Error[] = [];
let failures = 0;
process.on('warning', (warning) => warnings.push(warning));

/** A warning of the process is a bug that hides: a leaked listener, a promise nobody awaited, a deprecated call. */
export const mochaHooks: RootHookObject = {
  afterEach(this: Context) {
    if (this.currentTest?.state === 'failed') failures += 1;
    const [first] = warnings.splice(0);
    if (first !== undefined) throw first;
  },
};

export async function mochaGlobalTeardown(): Promise<void> {
  await leaveNothing();
  clearScratch(failures);
}

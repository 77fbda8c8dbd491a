import type { RootHookObject } from 'mocha';
import { leaveNothing } from './chaos.ts';

const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

/** A warning of the process is a bug that hides: a leaked listener, a promise nobody awaited, a deprecated call. */
export const mochaHooks: RootHookObject = {
  afterEach() {
    const [first] = warnings.splice(0);
    if (first !== undefined) throw first;
  },
};

export const mochaGlobalTeardown = leaveNothing;

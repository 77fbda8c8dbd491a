// This import comes first. It sets TMPDIR, and modules that are imported later may create folders at once.
import { clearScratch } from './scratch.ts';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Context, RootHookObject } from 'mocha';
import { leaveNothing } from './chaos.ts';

// As for the commands (harness/chaos). It holds for the test files, which are imported after this one.
enableCompileCache(fileURLToPath(new URL('../../.chaos/compiled', import.meta.url)));

const warnings: Error[] = [];
let failures = 0;
process.on('warning', (warning) => warnings.push(warning));

/**
 * Fails a test during which Node printed a warning. A warning points to a hidden bug: a leaked listener, an unawaited
 * promise, a deprecated call.
 */
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

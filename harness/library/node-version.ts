import { ChaosError } from '../core/errors.ts';

const LEAST = 24;

/** Returns CHAOS_NODE for a version of Node that the library does not run on; undefined for every other. */
export function tooOld(version: string): ChaosError | undefined {
  if (Number(/^v?(\d+)\./.exec(version)?.[1]) >= LEAST) return undefined;
  const error = new ChaosError('CHAOS_NODE', {
    what: `chaos needs Node ${LEAST} or later, and this is Node ${version}`,
    hint: `On Linux x64 the package brings Node ${LEAST}: run this with npx, or as a script of npm. Elsewhere, install it with your package manager or version manager.`,
    exit: 'not-ready',
  });
  // Whoever imports the library gets this, often uncaught. Then Node prints the stack, which says nothing here.
  error.stack = `${error.code}: ${error.message}\n  ${error.hint}`;
  return error;
}

import { diskError } from '../core/disk-error.ts';
import { ChaosError, describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { Interruption } from './interruption.ts';

/**
 * Returns the event that says why a run did not come to its end. When somebody asked for the end, the request is the
 * reason, and an error that came of it is not.
 */
export function whyEnded(t: number, thrown: unknown, { by, aborted }: Interruption): RunEvent {
  const error = diskError(thrown);
  if (by !== undefined) return { t, kind: 'interrupted', by };
  if (aborted !== undefined) return { t, kind: 'aborted', ...aborted };
  if (error instanceof ChaosError && error.exit === 'not-ready') {
    const { code, hint } = error;
    return { t, kind: 'not-ready', code, message: describeError(error), hint };
  }
  const code = error instanceof ChaosError ? error.code : 'CHAOS_INTERNAL';
  const stack = error instanceof Error && !(error instanceof ChaosError) ? `\n${error.stack ?? ''}` : '';
  return { t, kind: 'error', code, message: `${describeError(error)}${stack}` };
}

import { ChaosError, describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Interruption } from './interruption.ts';

/** Why a run did not come to its end, as an event. Whoever asked for the end is the reason, whatever broke of it. */
export function whyEnded(t: number, error: unknown, { by, aborted }: Interruption): RunEvent {
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

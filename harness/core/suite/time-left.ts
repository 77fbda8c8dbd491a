import type { EntryState } from './state.ts';

/** A run without figures of its own takes this much longer than its phases, as a share of them. */
const USUAL_OVERHEAD = 1.1;

/**
 * Returns how long the experiments that have no result will take, milliseconds: their phases, times what the runs so far took
 * over their phases.
 */
export function timeLeftMs(
  entries: readonly EntryState[],
  { workedMs, phasesMs }: { readonly workedMs: number; readonly phasesMs: number },
): number {
  const overhead = phasesMs > 0 ? Math.max(1, workedMs / phasesMs) : USUAL_OVERHEAD;
  const left = entries.filter(({ attempts, notRun }) => attempts.length === 0 && notRun === undefined);
  return left.reduce((sum, { longest_ms }) => sum + longest_ms, 0) * overhead;
}

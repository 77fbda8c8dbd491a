import type { RunDocument } from '../record/run.ts';

/** Reasons about the light load of a run. The steps beside it have reasons of their own, each of which is judged. */
const OF_THE_LIGHT_LOAD: ReadonlySet<string> = new Set([
  'CHAOS_LOAD_SHORT',
  'CHAOS_LOAD_DROPPED',
  'CHAOS_GENERATOR_LAG',
  'CHAOS_GENERATOR_SATURATED',
]);
/** A run with one of these verdicts was brought to its end. */
const WHOLE: readonly RunDocument['verdict'][] = ['PASS', 'FAIL', 'INCONCLUSIVE'];

/**
 * Returns why what was measured in a run says nothing about its condition: the run was ended early, a fault was not shown to
 * bite, or the host was too busy. Undefined when it says something.
 */
export function voidOf({
  verdict,
  reason,
  faults,
  invalid,
}: Pick<RunDocument, 'verdict' | 'reason' | 'faults' | 'invalid'>): string | undefined {
  if (!WHOLE.includes(verdict)) return `its run ended ${verdict}${reason === undefined ? '' : `: ${reason}`}`;
  const unproven = faults.find(({ effective }) => effective !== 'effective');
  if (unproven !== undefined) return `${unproven.name} was not shown to bite: ${unproven.evidence}`;
  const why = invalid.find(({ code }) => !OF_THE_LIGHT_LOAD.has(code));
  return why === undefined ? undefined : `${why.code}: ${why.message}`;
}

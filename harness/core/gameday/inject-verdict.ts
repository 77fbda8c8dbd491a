import type { RunDocument } from '../record/run.ts';
import type { CheckVerdict, Verdict } from '../verdict.ts';

interface Ended {
  /** A responder said that the failure is mitigated. */
  readonly mitigated: boolean;
  /** Users felt the failure, and were served again. */
  readonly felt: boolean;
}

/** The reason of a run whose fault was not shown to bite, to the end of its time. */
const UNPROVEN = 'CHAOS_FAULT_UNPROVEN';

/**
 * Returns the verdict of an inject. A run proves nothing when its fault is gone before its time. On a game day that is what people
 * are there for: when they ended a failure that users had felt, the checks alone decide.
 */
export function injectVerdict(
  { verdict, reason, invalid, checks }: Pick<RunDocument, 'verdict' | 'reason' | 'invalid' | 'checks'>,
  { mitigated, felt }: Ended,
): { readonly verdict: Verdict; readonly reason: string | null } {
  const only = invalid.length > 0 && invalid.every(({ code }) => code === UNPROVEN);
  if (verdict !== 'INCONCLUSIVE' || !only || !mitigated || !felt)
    return { verdict, reason: reason ?? invalid[0]?.message ?? null };
  return { verdict: worst(checks.map((check) => check.verdict)), reason: 'people ended the failure before its time' };
}

const worst = (checks: readonly CheckVerdict[]): CheckVerdict =>
  checks.includes('FAIL') ? 'FAIL' : checks.length === 0 || checks.includes('INCONCLUSIVE') ? 'INCONCLUSIVE' : 'PASS';

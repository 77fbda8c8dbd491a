import type { JudgedPhase } from './phases.ts';
import type { CheckVerdict } from './verdict.ts';

export interface CheckResult {
  /** Readable and stable: "latency p95 of reads". */
  readonly name: string;
  readonly verdict: CheckVerdict;
  /** "p95 < 200 ms" */
  readonly expected: string;
  /** "41 ms (95 % bounds 38 to 44 ms)" */
  readonly observed: string;
  readonly samples: number;
  readonly during: readonly JudgedPhase[];
  /** Line of the hypothesis in the experiment file, 1-based. */
  readonly line?: number | undefined;
}

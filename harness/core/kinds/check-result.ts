import type { JudgedPhase } from '../plan/phases.ts';
import type { Unit } from '../units.ts';
import type { CheckVerdict } from '../verdict.ts';

export interface CheckResult {
  /** For people, and stable: "latency p95 of reads". */
  readonly name: string;
  readonly verdict: CheckVerdict;
  /** "p95 < 200 ms" */
  readonly expected: string;
  /** "41 ms (95 % bounds 38 to 44 ms)" */
  readonly observed: string;
  readonly samples: number;
  readonly during: readonly JudgedPhase[];
  /** Position of the hypothesis in the experiment's list, from 0. Absent in records of earlier versions. */
  readonly hypothesis?: number | undefined;
  /** Line of the hypothesis in the experiment file, 1-based. */
  readonly line?: number | undefined;
  /** The limit as a number, for charts of the same figure. Absent where no chart has the figure. */
  readonly limit?: ChartLimit | undefined;
  /** What was observed, as a number, for trends. Absent where no single number says it, and in records of earlier versions. */
  readonly figure?: Figure | undefined;
}

/** A number that can be compared from run to run. */
export interface Figure {
  /** In the unit's smallest form: milliseconds, bytes per second, percent. */
  readonly value: number;
  readonly unit: Unit;
  /** Which change of the number is for the worse. */
  readonly worse: 'more' | 'less';
}

export interface ChartLimit {
  /** The id of the chart. */
  readonly chart: string;
  /** In the chart's unit. */
  readonly value: number;
  /** "limit of p95: 200 ms" */
  readonly label: string;
}

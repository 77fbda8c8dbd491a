import type { ZodType } from 'zod';
import type { CheckResult } from './check-result.ts';
import type { History } from '../record/history.ts';
import type { JudgedPhase } from '../plan/phases.ts';
import type { Needs } from './probe.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { Named, Stopping } from './stop-rule.ts';

/** The requests without which a hypothesis cannot be decided, even if all of them are clean and fast. */
interface RequestNeed {
  /** "reads", "writes", an endpoint's name; all requests when it is undefined. */
  readonly of: string | undefined;
  /** Each of these phases by itself needs `least` requests. */
  readonly during: readonly JudgedPhase[];
  readonly least: number;
  /** Completes "the fault phase plans 100 requests for this hypothesis, and ...". */
  readonly why: string;
  /** Requests per second that the load must exceed. Absent when no rate is needed. */
  readonly perSecond?: number;
  /**
   * The limits of the shares of requests that fail or are slow. Such requests come in bursts: `validate` says up to
   * which length of bursts a PASS excludes them. Absent when the hypothesis is not about a share.
   */
  readonly limits?: readonly ShareLimit[];
}

/** A limit of a hypothesis: the share of requests that fail or are slow is below `share`, 0 to 1 (both exclusive). */
interface ShareLimit {
  /** "errors < 0.1 %" */
  readonly text: string;
  readonly share: number;
}

/** The length without which a hypothesis about a phase cannot be decided, however good the figures are. */
interface LengthNeed {
  /** Each of these phases by itself must last `least` milliseconds. */
  readonly during: readonly JudgedPhase[];
  /** Milliseconds. */
  readonly least: number;
  /** Completes "the baseline phase lasts 10.0 s, and ...". */
  readonly why: string;
}

/**
 * One kind of judgement. Pure over the recorded history; INCONCLUSIVE without samples. One file under harness/checks/.
 */
export interface Check<P = unknown> extends Stopping {
  /** The key in an experiment file. It is the name of the check's file, with underscores. */
  readonly name: string;
  readonly params: ZodType<P>;
  readonly example: unknown;
  /** Returns the names in the parameters that must exist in the topology or the workload. Validation checks them. */
  refers(params: P): Named;
  /**
   * Returns the parameters for the same hypothesis about another phase. Absent for a check that is not about phases.
   */
  inPhase?(params: P, phase: JudgedPhase): P;
  /** Returns the hypothesis in words, for people: "latency p95 < 200 ms of reads". */
  describe(params: P): string;
  /** Returns how many requests a decision needs. Absent, or undefined, when no number of requests is needed. */
  needs?(params: P): RequestNeed | undefined;
  /** Returns how long a phase must be for a decision. Absent when a decision needs requests and no length. */
  needsLength?(params: P): LengthNeed | readonly LengthNeed[];
  /** Returns what a run must measure for the hypothesis, beside what every run measures. Absent: nothing more. */
  measures?(params: P, spec: TopologySpec): Needs;
  /** Returns one result for each phase, or one result if the check is not about phases. */
  evaluate(history: History, params: P): readonly CheckResult[];
}

export const defineCheck = <P>(check: Check<P>): Check<P> => check;

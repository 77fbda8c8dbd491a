import { type CertifiedCapacity, FULL } from '../certificate/statements.ts';
import type { CapacityAsked } from './asked.ts';
import { capacityOf, kneeOptionsOf } from './condition.ts';
import type { StepPurpose, StepRecord } from './events.ts';
import { type Knee, KneeSearch } from './knee.ts';
import { judgeStep, type StepEvidence, type StepJudged } from './step.ts';
import { exceededOf } from './used.ts';

/** What the requests of a step say. */
export interface StepSaid {
  readonly evidence: StepEvidence;
  /** Requests that the system had to answer, good answers, and good answers in time. */
  readonly offered: number;
  readonly ok: number;
  readonly inTime: number;
}

/** A step with its judgement. */
interface JudgedStep {
  readonly purpose: StepPurpose;
  readonly ratePerS: number;
  readonly longer: boolean;
  /** Seconds that counted. */
  readonly seconds: number;
  readonly judged: StepJudged;
  readonly offered: number;
  readonly ok: number;
  readonly inTime: number;
}

/** What was measured under one condition. */
export interface JudgedCondition {
  readonly condition: string;
  readonly knee: Knee;
  /** What can be certified, or why nothing can. */
  readonly capacity: CertifiedCapacity | { readonly reason: string };
  readonly steps: readonly JudgedStep[];
}

/**
 * Judges the recorded steps of a condition again: the same search must ask for the same steps. `said` returns what the
 * requests of a step say; undefined when they are not there. Pure, apart from `said`.
 */
export function judgeCondition(
  asked: CapacityAsked,
  condition: string,
  steps: readonly StepRecord[],
  full: Pick<CertifiedCapacity, 'low' | 'high'> | undefined,
  said: (step: StepRecord) => StepSaid | undefined,
): JudgedCondition {
  const search = new KneeSearch(kneeOptionsOf(asked, condition, full));
  const judgedSteps: JudgedStep[] = [];
  let broken: string | undefined;
  for (const step of steps) {
    const found = said(step);
    if (found === undefined) {
      broken ??= `the requests of the step at ${step.ratePerS}/s are missing: ${step.samples}`;
      continue;
    }
    const exceeded = exceededOf(asked.targets.limits ?? {}, step.used);
    const judged = { ...judgeStep(asked.objective, { ...found.evidence, exceeded }), atS: step.atS };
    const { offered, ok, inTime } = found;
    const seconds = (step.span.ended - step.span.started) / 1_000;
    const { purpose, ratePerS, longer } = step;
    judgedSteps.push({ purpose, ratePerS, longer, seconds, judged, offered, ok, inTime });
    if (purpose !== 'search' || broken !== undefined) continue;
    const next = search.next();
    if (next?.ratePerS !== ratePerS || next.longer !== longer)
      broken = `after the steps before it the search asks for ${next === undefined ? 'no step' : `${next.ratePerS}/s`}, and the record has ${ratePerS}/s`;
    else search.tell(judged);
  }
  const knee = search.knee();
  const capacity = broken === undefined ? capacityOf(condition, knee) : { reason: broken };
  return { condition, knee, capacity, steps: judgedSteps };
}

/** Returns whether the wanted rate was held, as a capacity of its own: nobody looked for an upper end. */
export function heldCapacity(
  { held }: Pick<CapacityAsked, 'held'>,
  full: JudgedCondition,
): CertifiedCapacity | { readonly reason: string } | undefined {
  if (held === undefined) return undefined;
  const step = full.steps.findLast(({ purpose }) => purpose === 'hold');
  if (step === undefined) return { reason: `it was not tried under the condition "${FULL}"` };
  const { judged, ratePerS } = step;
  if (judged.verdict !== 'carries')
    return { reason: `it was offered and is not shown to be carried: ${judged.observed}` };
  return { condition: held.condition, limit: null, ratePerS, low: ratePerS, high: null, confidence: 0.95 };
}

import type { CheckResult } from '../../core/kinds/check-result.ts';
import type { PhaseWindow } from '../../core/plan/phases.ts';
import type { EventOf } from '../../core/record/events.ts';
import type { History } from '../../core/record/history.ts';
import type { Level } from '../../core/scaling/elasticity.ts';

type Scaled = EventOf<'scaled'>;

/** What a demand is judged from. */
export interface Facts {
  readonly history: History;
  readonly service: string;
  /** Every change, and the changes of the fault phase. */
  readonly changes: readonly Scaled[];
  readonly inPhase: readonly Scaled[];
  readonly supply: readonly Level[];
  readonly phase: PhaseWindow;
}

/** What was seen. `met`: whether it is as expected; undefined when the record does not tell. */
interface Finding {
  readonly observed: string;
  readonly met: boolean | undefined;
}

/** One thing that the check asks for, in words, and how it is judged. */
export interface Demand {
  readonly expected: string;
  /** Where it looks. Default: the fault phase. */
  readonly during?: CheckResult['during'];
  readonly find: (facts: Facts) => Finding;
}

import type { CalibrateStep } from '../../core/capacity/calibrated.ts';
import type { KneeSearch } from '../../core/capacity/knee.ts';
import { judgeStep, type Objective, type StepEvidence, type StepJudged, stepMs } from '../../core/capacity/step.ts';
import type { Clock } from '../../core/clock.ts';
import { WARM_UP_MS } from './warm-up.ts';

/** A step of a search, as the load is asked for it. */
export interface AskedStep {
  /** Requests a second. */
  readonly ratePerS: number;
  /** The time that counts, milliseconds. */
  readonly ms: number;
  readonly longer: boolean;
}

/** `atS`: when the step ended, seconds since the search began, where that was recorded. */
export type SearchEvidence = StepEvidence & { readonly atS?: number };

/** What a search needs of the world. Every promise rejects when the search is interrupted. */
export interface SearchParts {
  readonly clock: Pick<Clock, 'now'>;
  /** Offers one rate, and counts for `ms` milliseconds, or less when the step is surely over. */
  readonly offer: (step: AskedStep) => Promise<SearchEvidence>;
  /** Resolves when the system is as it was before a step that it did not carry. */
  readonly recovered: () => Promise<void>;
  readonly say: (line: string) => void;
}

export interface SearchLimits {
  readonly objective: Objective;
  /** When the search began, and when it must be over. Milliseconds of the clock. */
  readonly begun: number;
  readonly until: number;
}

/** Carries the steps of a search out until it is over, or until the time is up: no step begins that would end later. */
export async function carryOutSearch(
  search: KneeSearch,
  { objective, begun, until }: SearchLimits,
  { clock, offer, recovered, say }: SearchParts,
): Promise<readonly CalibrateStep[]> {
  const steps: CalibrateStep[] = [];
  for (let step = search.next(); step !== undefined; step = search.next()) {
    const { ratePerS, longer } = step;
    const ms = stepMs(objective, ratePerS, longer);
    if (clock.now() + WARM_UP_MS + ms > until) {
      say(`no time is left for ${ratePerS}/s`);
      break;
    }
    const { atS = (clock.now() - begun) / 1_000, ...evidence } = await offer({ ratePerS, ms, longer });
    const judged = { ...judgeStep(objective, evidence), atS };
    search.tell(judged);
    steps.push({ ...judged, ratePerS });
    say(`${ratePerS}/s ${inWords(judged, longer)}: ${judged.observed}`);
    if (judged.verdict !== 'carries') await recovered();
  }
  return steps;
}

function inWords(judged: StepJudged, longer: boolean): string {
  switch (judged.verdict) {
    case 'carries':
      return 'is carried';
    case 'does not carry':
      return `is not carried (${judged.broke})`;
    case 'cannot tell':
      return longer
        ? 'may be carried or not, and counts as not carried'
        : 'may be carried or not, once more and longer';
    case 'generator':
      return longer ? "is the generator's limit" : 'was too much for the generator, once more';
  }
}

import type { Calibrated, CalibrateStep } from '../../core/capacity/calibrated.ts';
import { type KneeOptions, KneeSearch } from '../../core/capacity/knee.ts';
import { judgeStep, type Objective, type StepEvidence, type StepJudged, stepMs } from '../../core/capacity/step.ts';
import type { Clock } from '../../core/clock.ts';
import { WARM_UP_MS } from './offer-step.ts';

/** What a calibration needs of the world. Every promise rejects when the calibration is interrupted. */
export interface CalibrateParts {
  readonly clock: Pick<Clock, 'now'>;
  /** Gives the service so many containers. Resolves when all of them are healthy and get requests. */
  readonly scaleTo: (replicas: number) => Promise<void>;
  /** Offers one rate, requests a second, and counts for `ms` milliseconds, or less when the step is surely over. */
  readonly offer: (step: { readonly ratePerS: number; readonly ms: number }) => Promise<StepEvidence>;
  /** Resolves when the system is as it was before a step that it did not carry. */
  readonly recovered: () => Promise<void>;
  readonly say: (line: string) => void;
}

export interface CalibrateAsked {
  /** Numbers of replicas, the lowest first, each once. */
  readonly counts: readonly number[];
  readonly objective: Objective;
  readonly limits: KneeOptions;
  /** How long everything may last, milliseconds. No step begins that would end later. */
  readonly mostMs: number;
}

/**
 * Finds how much load each number of replicas carries within the objective. Each number gets an equal part of the time
 * that is left, and begins at the rate that the number before it carried.
 */
export async function* calibrate(asked: CalibrateAsked, parts: CalibrateParts): AsyncGenerator<Calibrated, void> {
  const { counts, limits, mostMs } = asked;
  const { now } = parts.clock;
  const until = now() + mostMs;
  let fromPerS = limits.fromPerS;
  for (const [i, replicas] of counts.entries()) {
    const begun = now();
    const search = new KneeSearch({ ...limits, fromPerS });
    const mine = begun + (until - begun) / (counts.length - i);
    const steps = await searched(search, replicas, { ...asked, until: mine }, parts);
    const knee = search.knee();
    fromPerS = knee.carriesPerS ?? fromPerS;
    yield { replicas, knee, steps, tookMs: now() - begun };
  }
}

/** Carries the steps of a search out until it is over, or until the time is up. */
async function searched(
  search: KneeSearch,
  replicas: number,
  { objective, until }: Pick<CalibrateAsked, 'objective'> & { readonly until: number },
  { clock, scaleTo, offer, recovered, say }: CalibrateParts,
): Promise<readonly CalibrateStep[]> {
  const steps: CalibrateStep[] = [];
  if (clock.now() >= until) return steps;
  await scaleTo(replicas);
  for (let step = search.next(); step !== undefined; step = search.next()) {
    const { ratePerS, longer } = step;
    const ms = stepMs(objective, ratePerS, longer);
    if (clock.now() + WARM_UP_MS + ms > until) {
      say(`${replicas}: no time is left for ${ratePerS}/s`);
      break;
    }
    const judged = judgeStep(objective, await offer({ ratePerS, ms }));
    search.tell(judged);
    steps.push({ ...judged, ratePerS });
    say(`${replicas}: ${ratePerS}/s ${inWords(judged, longer)}: ${judged.observed}`);
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

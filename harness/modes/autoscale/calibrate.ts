import type { Calibrated, CalibrateStep } from '../../core/capacity/calibrated.ts';
import { type KneeOptions, KneeSearch } from '../../core/capacity/knee.ts';
import type { Objective } from '../../core/capacity/step.ts';
import { carryOutSearch, type SearchParts } from '../knee/search.ts';

/** What a calibration needs of the world. Every promise rejects when the calibration is interrupted. */
export interface CalibrateParts extends SearchParts {
  /** Gives the service so many containers. Resolves when all of them are healthy and get requests. */
  readonly scaleTo: (replicas: number) => Promise<void>;
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

/** Carries the steps of a search out for one number of replicas, if there is time for it. */
async function searched(
  search: KneeSearch,
  replicas: number,
  { objective, until }: Pick<CalibrateAsked, 'objective'> & { readonly until: number },
  { clock, scaleTo, offer, recovered, say }: CalibrateParts,
): Promise<readonly CalibrateStep[]> {
  if (clock.now() >= until) return [];
  await scaleTo(replicas);
  const limits = { objective, begun: clock.now(), until };
  return carryOutSearch(search, limits, { clock, offer, recovered, say: (line) => say(`${replicas}: ${line}`) });
}

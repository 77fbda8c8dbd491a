import type { Objective } from '../../core/capacity/step.ts';
import { leaveRule } from '../../core/capacity/step.ts';
import type { Clock } from '../../core/clock.ts';
import type { LoadEngine, LoadPlan, LoadTick } from '../../core/load/load.ts';
import { offer } from '../load/offer.ts';
import type { OfferedStep } from './evidence.ts';
import { WARM_UP_MS } from './warm-up.ts';

/** The seconds of a load are told with their end as their moment. */
const SECOND_MS = 1_000;

interface OfferStepOptions {
  readonly load: LoadEngine;
  readonly clock: Clock;
  /** A constant rate. */
  readonly plan: LoadPlan;
  readonly url: string;
  /** Unique: request ids begin with it. */
  readonly run: string;
  readonly seed: number;
  readonly ratePerS: number;
  /** The time that counts, milliseconds. */
  readonly ms: number;
  /** The step is left when it surely misses this. Undefined: it is offered to its end. */
  readonly objective: Objective | undefined;
  /** The folder that keeps the requests; it is made. Undefined: they are not kept. */
  readonly keep?: string;
  /** Ends the step at once. Then the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * Offers one rate to the system, and leaves the step when it is surely over its limits. Resolves with the requests, and with
 * the time that counts. Throws CHAOS_LOAD_FAILED when the generator dies.
 */
export async function offerStep(options: OfferStepOptions): Promise<OfferedStep> {
  const { plan, clock, ratePerS, ms, objective, signal } = options;
  signal.throwIfAborted();
  const over = objective === undefined ? () => false : leaveRule(objective, ratePerS, ms);
  const left = new AbortController();
  let begun = Infinity;
  const onTick = (tick: LoadTick): void => {
    if (tick.t - SECOND_MS >= begun + WARM_UP_MS && over(tick)) left.abort();
  };
  const mostMs = WARM_UP_MS + ms;
  await using load = await offer({ ...options, mostMs, onTick });
  begun = clock.now();
  const ends = AbortSignal.any([signal, left.signal, ...(load.failed === undefined ? [] : [load.failed])]);
  await clock.sleep(mostMs, ends).catch((reason: unknown) => {
    if (!left.signal.aborted) throw reason;
  });
  const now = clock.now();
  const { requests, totals } = await load.stop();
  signal.throwIfAborted();
  const first = requests.planned.reduce((least, at) => Math.min(least, at), Infinity);
  const span = { started: first + WARM_UP_MS, ended: left.signal.aborted ? now : first + mostMs };
  return { requests, plan, span, utilisation: totals.utilisation };
}

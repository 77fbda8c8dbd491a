import type { Objective, StepEvidence } from '../../core/capacity/step.ts';
import { leaveRule } from '../../core/capacity/step.ts';
import type { Clock } from '../../core/clock.ts';
import { plannedWithin } from '../../core/load/arrivals.ts';
import type { LoadEngine, LoadPlan, LoadTick } from '../../core/load/load.ts';
import { openRows, trafficOf } from '../../core/record/traffic.ts';
import { loadGates } from '../../judge/gates/load.ts';
import { offer } from '../load/offer.ts';

/** The load at the same rate before the time that counts, milliseconds. */
export const WARM_UP_MS = 3_000;
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
  readonly objective: Objective;
  /** Ends the step at once. Then the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * Offers one rate to the system, and leaves the step when it is surely over its limits. Resolves with the requests of the
 * time that counts. Throws CHAOS_LOAD_FAILED when the generator dies.
 */
export async function offerStep(options: OfferStepOptions): Promise<StepEvidence> {
  const { plan, clock, ratePerS, ms, objective, signal } = options;
  signal.throwIfAborted();
  const over = leaveRule(objective, ratePerS, ms);
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
  const { latencies, failures } = trafficOf({ requests, plan: { load: plan } }, openRows(requests, span));
  const lasted = Math.max(0, span.ended - span.started);
  const invalid = loadGates({
    requests,
    spans: [span],
    // The moments of the first and the last request are rounded: one request may be on the other side of an end.
    expected: Math.max(0, plannedWithin(plan.arrivals, WARM_UP_MS, WARM_UP_MS + lasted) - 1),
    process: plan.arrivals.process,
    utilisation: totals.utilisation,
  });
  return {
    latenciesMs: latencies.judged.inOrder,
    failures,
    generator: invalid.map(({ message }) => message),
  };
}

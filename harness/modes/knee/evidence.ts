import type { LatencyClass, StepEvidence } from '../../core/capacity/step.ts';
import { plannedWithin } from '../../core/load/arrivals.ts';
import { memberOf } from '../../core/load/classes.ts';
import type { LoadPlan, RequestTable } from '../../core/load/load.ts';
import type { Span } from '../../core/plan/phases.ts';
import { openRows, trafficOf } from '../../core/record/traffic.ts';
import { loadGates } from '../../judge/gates/load.ts';
import { WARM_UP_MS } from './warm-up.ts';

/** The recorded requests of one step. */
export interface OfferedStep {
  readonly requests: RequestTable;
  /** A constant rate. */
  readonly plan: LoadPlan;
  /** The time that counts, epoch milliseconds. */
  readonly span: Span;
  /** Event-loop utilisation of the generator's thread, 0 to 1. */
  readonly utilisation: number;
}

/** How the requests of a step ended. */
export interface StepTraffic {
  readonly offered: number;
  readonly ok: number;
  /** Good answers within the time that is promised for their class. */
  readonly inTime: number;
}

/** Returns what a step says about the system, and about the generator. Pure. */
export function evidenceOf(
  { requests, plan, span, utilisation }: OfferedStep,
  classes: readonly LatencyClass[] = [],
): StepEvidence {
  const rows = openRows(requests, span);
  const recorded = { requests, plan: { load: plan } };
  const { latencies, failures } = trafficOf(recorded, rows);
  const lasted = Math.max(0, span.ended - span.started);
  const invalid = loadGates({
    requests,
    spans: [span],
    // The moments of the first and the last request are rounded: one request may be on the other side of an end.
    expected: Math.max(0, plannedWithin(plan.arrivals, WARM_UP_MS, WARM_UP_MS + lasted) - 1),
    process: plan.arrivals.process,
    utilisation,
  });
  return {
    latenciesMs: latencies.judged.inOrder,
    failures,
    classesMs: classes.map(({ of }) => {
      const isOf = memberOf(of, plan.workload, requests);
      return trafficOf(recorded, rows.filter(isOf)).latencies.judged.inOrder;
    }),
    generator: invalid.map(({ message }) => message),
  };
}

/**
 * Returns how many requests of a step were answered in time. A request of several classes must be in time for each of them;
 * `p95Ms` is the limit of requests of no class. Pure.
 */
export function trafficOfStep(
  { requests, plan, span }: OfferedStep,
  { p95Ms, classes = [] }: { readonly p95Ms: number; readonly classes?: readonly LatencyClass[] },
): StepTraffic {
  const rows = openRows(requests, span);
  const { offered, ok, latencies } = trafficOf({ requests, plan: { load: plan } }, rows);
  if (offered !== rows.length || classes.length === 0) {
    const inTime = latencies.successful.inOrder.filter((ms) => ms <= p95Ms).length;
    return { offered, ok, inTime };
  }
  const limits = classes.map(({ of, p95Ms: most }) => ({ isOf: memberOf(of, plan.workload, requests), most }));
  let inTime = 0;
  for (let n = 0; n < rows.length; n += 1) {
    const row = rows[n] as number;
    const ms = latencies.judged.inOrder[n] ?? Infinity;
    const most = limits.reduce((least, limit) => (limit.isOf(row) ? Math.min(least, limit.most) : least), p95Ms);
    // A failed request counts as slow as the timeout, which is above every limit.
    if (ms <= most) inTime += 1;
  }
  return { offered, ok, inTime };
}

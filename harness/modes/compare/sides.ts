import { type History, windowOf } from '../../core/record/history.ts';
import { describeRate } from '../../core/load/plan.ts';
import type { LoadHistory } from '../../core/load/document.ts';
import type { LoadPlan, RequestTable } from '../../core/load/load.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { openRows, trafficOf } from '../../core/record/traffic.ts';
import type { Sample, Scope } from './compare.ts';

/** The parts of a recorded run or load that a comparison needs. */
export interface Measured {
  readonly run: string;
  /** The reasons why its figures cannot be believed. Empty when they can. */
  readonly invalid: readonly string[];
  readonly plan: LoadPlan;
  readonly requests: RequestTable;
  /** The measured spans, epoch milliseconds. A load has one span, "load". */
  readonly spans: readonly { readonly phase: string; readonly started: number; readonly ended: number }[];
}

export const measuredLoad = ({ run, record, requests }: LoadHistory, invalid: readonly string[]): Measured => ({
  run,
  invalid,
  plan: record.plan,
  requests,
  spans: [{ phase: 'load', started: -Infinity, ended: Infinity }],
});

/** The phases that are compared. The heal phase has no fixed length, so it is left out. */
const PHASES = ['baseline', 'fault', 'recovery'] as const satisfies readonly (keyof Plan['phases'])[];

export const measuredRun = (history: History, invalid: readonly string[]): Measured => ({
  run: history.run,
  invalid,
  plan: history.plan.load,
  requests: history.requests,
  spans: PHASES.flatMap((phase) => windowOf(history, phase) ?? []),
});

/**
 * Returns the scopes that both sides measured: each phase that all runs have, with all requests and by endpoint. With
 * only one endpoint, the scope of all requests is enough.
 */
export function scopesOf(a: readonly Measured[], b: readonly Measured[]): Scope[] {
  const all = [...a, ...b];
  const inAll = <T>(of: (measured: Measured) => readonly T[]): T[] => {
    const [first, ...rest] = all.map(of);
    return (first ?? []).filter((value) => rest.every((other) => other.includes(value)));
  };
  const phases = inAll((m) => m.spans.map((s) => s.phase));
  const names = inAll((m) => m.requests.endpoints);
  const endpoints = names.length > 1 ? names : [];
  return phases.flatMap((phase) =>
    [undefined, ...endpoints].map((endpoint) => ({
      phase,
      endpoint,
      a: a.map((m) => sampleOf(m, phase, endpoint)),
      b: b.map((m) => sampleOf(m, phase, endpoint)),
    })),
  );
}

/**
 * Returns the open requests of a phase in the order of their planned time. Requests that the generator dropped are left
 * out, because they say nothing about the system.
 */
export function sampleOf({ requests, plan, spans }: Measured, phase: string, endpoint: string | undefined): Sample {
  const span = spans.find((s) => s.phase === phase);
  const wanted = endpoint === undefined ? undefined : requests.endpoints.indexOf(endpoint);
  const rows = (span === undefined ? new Uint32Array() : openRows(requests, span)).filter(
    (i) => wanted === undefined || requests.endpoint[i] === wanted,
  );
  const { latencies, failures } = trafficOf({ requests, plan: { load: plan } }, rows);
  return { latencies: latencies.judged, failures };
}

/** Returns how the loads themselves differ. Then a difference in the figures may come from the loads. */
export function unlike(a: readonly Measured[], b: readonly Measured[]): string[] {
  const differing = (what: string, of: (measured: Measured) => string): string[] => {
    const values = [...new Set([...a, ...b].map(of))];
    return values.length > 1 ? [`they differ in their ${what}: ${values.join(', ')}`] : [];
  };
  return [
    ...differing('rate', ({ plan }) => describeRate(plan.arrivals)),
    ...differing('timeout', ({ plan }) => `${plan.timeoutMs} ms`),
    ...differing(
      'workload',
      ({ plan }) => `${plan.workload.name} (${plan.workload.scenarios.flatMap((s) => s.endpoints).length} endpoints)`,
    ),
  ];
}

import { type History, windowOf } from '../core/history.ts';
import { describeRate } from '../core/load/plan.ts';
import type { LoadHistory } from '../core/load/document.ts';
import { type LoadPlan, OUTCOMES, type RequestTable } from '../core/load/load.ts';
import type { Plan } from '../core/plan.ts';
import { openRows } from '../core/traffic.ts';
import type { Sample, Scope } from './compare.ts';

const OK = OUTCOMES.indexOf('ok');
const DROPPED = OUTCOMES.indexOf('dropped');

/** A recorded run or load, as far as a comparison needs it. */
export interface Measured {
  readonly run: string;
  /** Reasons why its figures may not be believed. */
  readonly invalid: readonly string[];
  readonly plan: LoadPlan;
  readonly requests: RequestTable;
  /** What was measured when: a load is one span, "load". */
  readonly spans: readonly { readonly phase: string; readonly started: number; readonly ended: number }[];
}

export const measuredLoad = ({ run, record, requests }: LoadHistory, invalid: readonly string[]): Measured => ({
  run,
  invalid,
  plan: record.plan,
  requests,
  spans: [{ phase: 'load', started: -Infinity, ended: Infinity }],
});

/** Healing takes as long as it takes: it is not compared. */
const PHASES = ['baseline', 'fault', 'recovery'] as const satisfies readonly (keyof Plan['phases'])[];

export const measuredRun = (history: History, invalid: readonly string[]): Measured => ({
  run: history.run,
  invalid,
  plan: history.plan.load,
  requests: history.requests,
  spans: PHASES.flatMap((phase) => windowOf(history, phase) ?? []),
});

/** What both sides measured: each phase that all runs have, whole and by endpoint; one endpoint alone is the whole. */
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

/** Open requests in the order of their planned time; what the generator dropped says nothing of the system. */
export function sampleOf({ requests, plan, spans }: Measured, phase: string, endpoint: string | undefined): Sample {
  const span = spans.find((s) => s.phase === phase);
  const wanted = endpoint === undefined ? undefined : requests.endpoints.indexOf(endpoint);
  const rows = (span === undefined ? [] : openRows(requests, span)).filter(
    (i) => requests.outcome[i] !== DROPPED && (wanted === undefined || requests.endpoint[i] === wanted),
  );
  return {
    latencies: Float64Array.from(rows, (i) => {
      const took = (requests.done[i] ?? NaN) - (requests.planned[i] ?? NaN);
      return requests.outcome[i] === OK ? took : Math.max(Number.isFinite(took) ? took : 0, plan.timeoutMs);
    }),
    failures: Uint8Array.from(rows, (i) => (requests.outcome[i] === OK ? 0 : 1)),
  };
}

/** In what the loads themselves differ: then a difference in the figures may be theirs. */
export function unlike(a: readonly Measured[], b: readonly Measured[]): string[] {
  const said = (what: string, of: (measured: Measured) => string): string[] => {
    const values = [...new Set([...a, ...b].map(of))];
    return values.length > 1 ? [`they differ in their ${what}: ${values.join(', ')}`] : [];
  };
  return [
    ...said('rate', ({ plan }) => describeRate(plan.arrivals)),
    ...said('timeout', ({ plan }) => `${plan.timeoutMs} ms`),
    ...said(
      'workload',
      ({ plan }) => `${plan.workload.name} (${plan.workload.scenarios.flatMap((s) => s.endpoints).length} endpoints)`,
    ),
  ];
}

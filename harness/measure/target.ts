import type { EndpointSpec, LoadPlan, Workload } from '../core/load.ts';
import { virtualUsersFor } from '../core/workload-rate.ts';

/** What a load alone is to be: the one place where a rate becomes a LoadPlan outside an experiment file. */
export interface LoadWish {
  readonly workload: Workload;
  readonly ratePerS: number;
  readonly timeoutMs: number;
}

export const loadPlanOf = ({ workload, ratePerS, timeoutMs }: LoadWish): LoadPlan => ({
  workload,
  ratePerS,
  virtualUsers: virtualUsersFor(workload, ratePerS),
  pressure: undefined,
  timeoutMs,
});

/** The rate that the plan names, requests per second. */
export const rateOf = (plan: LoadPlan): number => plan.ratePerS;

/** Requests that the plan's arrivals ask for in so many milliseconds from their beginning. */
export const requestsAskedFor = (plan: LoadPlan, ms: number): number => (rateOf(plan) * ms) / 1_000;

/** One request, as often as the rate says. */
export interface UrlTarget {
  readonly url: URL;
  readonly method: EndpointSpec['method'];
  readonly headers: Readonly<Record<string, string>>;
  /** A template; undefined for none. */
  readonly body: unknown;
}

/** A workload of one endpoint, named by its method and path. */
export function workloadOfUrl({ url, method, headers, body }: UrlTarget): Workload {
  const path = `${url.pathname}${url.search}`;
  const endpoint: EndpointSpec = {
    name: `${method} ${url.pathname}`,
    method,
    path,
    kind: method === 'GET' ? 'read' : 'write',
    frequency: 1,
    query: {},
    headers,
    body,
    expect: [],
    audit: undefined,
  };
  return { name: url.origin, file: '', scenarios: [{ name: 'url', weight: 100, endpoints: [endpoint] }] };
}

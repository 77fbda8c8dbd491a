import type { EndpointSpec, Workload } from '../core/load/load.ts';

/** One request, as often as the rate says. */
export interface UrlTarget {
  readonly url: URL;
  readonly method: EndpointSpec['method'];
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** A template; undefined for none. */
  readonly body: unknown;
}

/** A workload of one endpoint, named by its method and path; one user of it asks once a second. */
export function workloadOfUrl({ url, method, headers, body }: UrlTarget): Workload {
  const endpoint: EndpointSpec = {
    name: `${method} ${url.pathname}`,
    method,
    path: `${url.pathname}${url.search}`,
    kind: method === 'GET' || method === 'HEAD' ? 'read' : 'write',
    frequency: 1,
    query: {},
    headers,
    body,
    expect: [],
    audit: undefined,
  };
  return { name: url.origin, file: '', scenarios: [{ name: 'url', weight: 100, endpoints: [endpoint] }] };
}

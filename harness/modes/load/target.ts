import type { Address } from '../../core/load/address.ts';
import type { EndpointSpec, Workload } from '../../core/load/load.ts';

/** One request, which a load sends as often as its rate says. */
export interface UrlTarget extends Address {
  readonly method: EndpointSpec['method'];
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text whose texts may be templates. Undefined when there is no body. */
  readonly body: string | undefined;
}

/**
 * Returns a workload of one endpoint, named by its method and its path without the query. One user of it sends one
 * request a second. The path is sent as it is written.
 */
export function workloadOfUrl({ origin, rest, method, headers, body }: UrlTarget): Workload {
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  const endpoint: EndpointSpec = {
    name: `${method} ${path.split('?', 1)[0] ?? ''}`,
    method,
    path,
    kind: method === 'GET' || method === 'HEAD' ? 'read' : 'write',
    frequency: 1,
    query: {},
    headers,
    body,
    expect: [],
    audit: undefined,
  };
  return { name: origin, file: '', scenarios: [{ name: 'url', weight: 100, endpoints: [endpoint] }] };
}

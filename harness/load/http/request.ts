import type { EndpointSpec } from '../../core/load/load.ts';

/** One request, ready to be sent. */
export interface PreparedRequest {
  readonly spec: EndpointSpec;
  /** Positions in samples/schema.json. */
  readonly endpoint: number;
  readonly scenario: number;
  /** The path with the query string. */
  readonly path: string;
  /** JSON text; undefined for none. */
  readonly body: string | undefined;
  /** The request id, unique in all runs. A write has it as its idempotency key, too. */
  readonly key: string;
  /** Position among the requests of its source, from 0. The key ends with it. */
  readonly number: number;
  readonly token: string;
}

/** Returns names and values of all headers, except the headers that frame the message (host, connection, length). */
export function headersOf({ spec, body, key }: PreparedRequest): readonly (readonly [name: string, value: string])[] {
  const headers: [string, string][] = [
    ['accept', 'application/json'],
    ['user-agent', 'chaos'],
    ['x-request-id', key],
  ];
  if (spec.kind === 'write') headers.push(['idempotency-key', key]);
  if (body !== undefined) headers.push(['content-type', 'application/json']);
  if (spec.headers === undefined) return headers;
  // A header of the workload replaces our header of the same name. The workload's names are in small letters.
  const own = new Set(Object.keys(spec.headers));
  return [...headers.filter(([name]) => !own.has(name)), ...Object.entries(spec.headers)];
}

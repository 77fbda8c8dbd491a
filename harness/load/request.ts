import type { EndpointSpec } from '../core/load/load.ts';

/** One request, ready to be sent. */
export interface PreparedRequest {
  readonly spec: EndpointSpec;
  /** Positions in samples/schema.json. */
  readonly endpoint: number;
  readonly scenario: number;
  /** With the query string. */
  readonly path: string;
  /** JSON text; undefined for none. */
  readonly body: string | undefined;
  /** Idempotency key of a write and request id of every request: unique in all runs. */
  readonly key: string;
  /** Position in the series, from 0: the end of the key. */
  readonly number: number;
  readonly token: string;
}

/** Names and values of its headers, but for those that frame the message. */
export function headersOf({ spec, body, key }: PreparedRequest): readonly (readonly [name: string, value: string])[] {
  const headers: [string, string][] = [
    ['accept', 'application/json'],
    ['user-agent', 'chaos'],
    ['x-request-id', key],
  ];
  if (spec.kind === 'write') headers.push(['idempotency-key', key]);
  if (body !== undefined) headers.push(['content-type', 'application/json']);
  if (spec.headers === undefined) return headers;
  // The workload's word stands against ours; its names are in small letters.
  const own = new Set(Object.keys(spec.headers));
  return [...headers.filter(([name]) => !own.has(name)), ...Object.entries(spec.headers)];
}

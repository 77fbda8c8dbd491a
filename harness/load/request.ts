import type { EndpointSpec } from '../core/load.ts';

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

/** Sent with a length even when there is no body, as servers expect of them. */
const HAS_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT']);

/** The whole message, to be written in one piece. `prefix` is the path of the base URL, without a slash at its end. */
export function messageOf(request: PreparedRequest, host: string, prefix: string): string {
  const { spec, path, body } = request;
  let text = `${spec.method} ${prefix}${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (const [name, value] of headersOf(request)) text += `${name}: ${value}\r\n`;
  if (body !== undefined) return `${text}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return HAS_LENGTH.has(spec.method) ? `${text}content-length: 0\r\n\r\n` : `${text}\r\n`;
}

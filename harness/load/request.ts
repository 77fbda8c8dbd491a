import type { EndpointSpec } from '../core/load.ts';

/** One request, ready to be sent. */
export interface PreparedRequest {
  readonly spec: EndpointSpec;
  /** Positions in samples/schema.json. */
  readonly endpoint: number;
  readonly scenario: number;
  /** With the query string. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** JSON text; undefined for none. */
  readonly body: string | undefined;
  /** Idempotency key of a write and request id of every request: unique in all runs. */
  readonly key: string;
  /** Position in the series, from 0: the end of the key. */
  readonly number: number;
  readonly token: string;
}

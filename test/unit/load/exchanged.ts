import type { EndpointSpec, Method } from '../../../harness/core/load/load.ts';
import type { FailureOutcome } from '../../../harness/load/failure.ts';
import type { PreparedRequest } from '../../../harness/load/http/request.ts';
import type { Transport } from '../../../harness/load/http/transport.ts';

/** How a request ended, and which steps the transport reported. */
export interface Ended {
  readonly outcome: 'answered' | FailureOutcome;
  readonly status: number;
  readonly body: string;
  readonly told: readonly ('sent' | 'written' | 'first byte')[];
}

const spec = (method: Method): EndpointSpec => ({
  name: method,
  method,
  path: '/',
  kind: method === 'GET' || method === 'HEAD' ? 'read' : 'write',
  frequency: 1,
  query: {},
  body: undefined,
  expect: ['id'],
  audit: undefined,
});

let n = 0;

export function requestFor(method: Method = 'GET', path = '/thing', body?: string): PreparedRequest {
  n += 1;
  return { spec: spec(method), endpoint: 0, scenario: 0, path, body, number: n, key: `k${n}`, token: `t-k${n}` };
}

/** Sends one request and waits for its end. */
export function exchange(transport: Transport, request: PreparedRequest = requestFor()): Promise<Ended> {
  const told: Ended['told'][number][] = [];
  return new Promise((resolve) => {
    transport.send(request, {
      onSent: () => told.push('sent'),
      onWritten: () => told.push('written'),
      onFirstByte: () => told.push('first byte'),
      onAnswer: (_at, { status }, body) => resolve({ outcome: 'answered', status, body: body(), told }),
      onFailure: ({ outcome, status }) => resolve({ outcome, status, body: '', told }),
    });
  });
}

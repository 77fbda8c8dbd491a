import type { Socket } from 'node:net';
import { type ConnectionOptions, TLSSocket } from 'node:tls';
import autocannon from 'autocannon';
import { ChaosError } from '../../core/errors.ts';
import { basePath } from '../../core/load/address.ts';
import type { Trust } from '../../core/load/load.ts';
import type { AnswerHead } from '../http/answer.ts';
import { headersOf, type PreparedRequest } from '../http/request.ts';

/** Receives what happens on one autocannon connection, which carries one request at a time. */
export interface CannonListener {
  /** Returns the request to send when autocannon asks for a request. */
  request(): PreparedRequest;
  onFirstByte(): void;
  onAnswer(head: AnswerHead, body: () => string): void;
  /** The connection failed with an error. Without this call autocannon would reconnect again and again, at once. */
  onError(error: unknown): void;
  /** The server closed the connection, idle or with a request under way. autocannon itself counts nothing then. */
  onClosed(): void;
}

/** One connection of autocannon. It sends only when `send` is called. */
export interface Cannon {
  send(): void;
  destroy(): void;
}

/** Members of autocannon's client that its types leave out. The version is pinned because of them. */
interface PacedClient extends autocannon.Client {
  _doRequest?(): void;
  _connect?(): void;
  destroy?(): void;
  readonly conn?: Socket;
}

/**
 * autocannon trusts every certificate. So each handshake is looked at, and a connection that Node did not authorize ends
 * with the reason. A request may have left by then.
 */
function mistrust(client: PacedClient): void {
  const connect = client._connect?.bind(client);
  if (connect === undefined) throw unfit();
  client._connect = () => {
    connect();
    const { conn } = client;
    if (!(conn instanceof TLSSocket)) return;
    conn.once('secureConnect', () => {
      if (conn.authorized) return;
      // The types call it an Error. It is the code of one.
      const code = String(conn.authorizationError);
      conn.destroy(Object.assign(new Error(code), { code }));
    });
  };
}

/** Seconds, longer than any run. autocannon's own timers must never fire: our timers decide. */
const NEVER_S = 1_000_000;

/**
 * These histograms keep nothing. autocannon's own histograms take 2.5 MB an instance, for a result that nothing here
 * reads.
 */
const NO_HISTOGRAM = { recordValue() {}, reset() {}, destroy() {}, __custom: true };
const HISTOGRAMS = { latencies: NO_HISTOGRAM, requests: NO_HISTOGRAM, throughput: NO_HISTOGRAM };

/** `host` is where autocannon connects. It asks for the name in the address all the same. */
const tlsOptionsOf = ({ authorities, address }: Trust = {}): ConnectionOptions => ({
  ...(authorities === undefined ? {} : { ca: authorities }),
  ...(address === undefined ? {} : { host: address }),
});
/** Returns the names of headers in lower case. autocannon leaves them as the server wrote them. */
const names = (headers: object): readonly string[] => Object.keys(headers).map((name) => name.toLowerCase());

const unfit = (): ChaosError =>
  new ChaosError('CHAOS_AUTOCANNON_UNFIT', {
    what: 'The installed autocannon lacks the hooks that pace and count its requests.',
    hint: 'Install the version that package.json names: npm ci.',
    exit: 'not-ready',
  });

/**
 * Opens an autocannon instance of one connection and sends its first request. Our own loop replaces autocannon's
 * request loop: autocannon's loop sends again at once after an answer, a refusal and a closed connection, and does not
 * count a closed connection. autocannon's rate options do not help: they spend each second's quota at the start of that
 * second. Nothing uses autocannon's result. Throws CHAOS_AUTOCANNON_UNFIT when the installed version lacks the hooks.
 */
export function openCannon(baseUrl: string, listener: CannonListener, trust?: Trust): Cannon {
  let cannon: Cannon | undefined;
  const setupClient = (client: PacedClient): void => {
    const send = client._doRequest?.bind(client);
    const destroy = client.destroy?.bind(client);
    if (send === undefined || destroy === undefined) throw unfit();
    mistrust(client);
    let answered = false;
    let first = true;
    client._doRequest = () => {
      if (first) {
        first = false;
        send();
      } else if (answered) {
        answered = false;
      } else {
        listener.onClosed();
      }
    };
    client.on('headers', () => listener.onFirstByte());
    // 'response' comes after onResponse and before the next _doRequest.
    client.on('response', () => (answered = true));
    client.on('connError' as 'response', (error: unknown) => listener.onError(error));
    cannon = { send, destroy };
  };
  const options: autocannon.Options & { readonly histograms: typeof HISTOGRAMS } = {
    url: baseUrl,
    connections: 1,
    pipelining: 1,
    duration: NEVER_S,
    timeout: NEVER_S,
    skipAggregateResult: true,
    histograms: HISTOGRAMS,
    tlsOptions: tlsOptionsOf(trust),
    setupClient,
    requests: [
      {
        setupRequest: (base) => {
          const request = listener.request();
          const { spec, path, body } = request;
          return {
            ...base,
            method: spec.method,
            path: basePath(baseUrl) + path,
            headers: Object.fromEntries(headersOf(request)),
            body: body ?? '',
          };
        },
        onResponse: (status, body, _context, headers = {}) =>
          listener.onAnswer({ status, retryAfter: names(headers).includes('retry-after') }, () => body),
      },
    ],
  };
  autocannon(options, () => undefined);
  if (cannon === undefined) throw unfit();
  return cannon;
}

import autocannon from 'autocannon';
import { ChaosError } from '../core/errors.ts';
import { headersOf, type PreparedRequest } from './request.ts';

/** Told what happens on one autocannon connection, which is used for one request at a time. */
export interface CannonListener {
  /** The request to be built when autocannon asks for one. */
  request(): PreparedRequest;
  onFirstByte(): void;
  onAnswer(status: number, body: () => string): void;
  /** The connection failed with an error; autocannon would reconnect at once, and again, without end. */
  onError(error: unknown): void;
  /** The other side closed the connection, with or without an answer owed; autocannon would count nothing. */
  onClosed(): void;
}

/** One connection of autocannon that sends when told to, and never by itself. */
export interface Cannon {
  send(): void;
  destroy(): void;
}

/** What autocannon's client has beyond its types; the version is pinned because of it. */
interface PacedClient extends autocannon.Client {
  _doRequest?(): void;
  destroy?(): void;
}

/** Longer than any run: autocannon's own clocks must never fire, ours decide. */
const NEVER_S = 1_000_000;

/** autocannon keeps histograms of 2.5 MB an instance for a result that decides nothing here: these keep none. */
const NO_HISTOGRAM = { recordValue() {}, reset() {}, destroy() {}, __custom: true };
const HISTOGRAMS = { latencies: NO_HISTOGRAM, requests: NO_HISTOGRAM, throughput: NO_HISTOGRAM };

const unfit = (): ChaosError =>
  new ChaosError('CHAOS_AUTOCANNON_UNFIT', {
    what: 'The installed autocannon lacks the hooks by which its requests are paced and counted.',
    hint: 'Install the version that package.json names: npm ci.',
    exit: 'not-ready',
  });

/**
 * Opens an autocannon instance of one connection and sends its first request. Its request loop is replaced, because
 * autocannon asks again at once after an answer, a refusal and a closed connection alike, and counts the last as nothing;
 * its rate options are quotas spent at the start of each second; its result is thenable and is not used.
 */
export function openCannon(baseUrl: string, listener: CannonListener): Cannon {
  let cannon: Cannon | undefined;
  const setupClient = (client: PacedClient): void => {
    const send = client._doRequest?.bind(client);
    const destroy = client.destroy?.bind(client);
    if (send === undefined || destroy === undefined) throw unfit();
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
    setupClient,
    requests: [
      {
        setupRequest: (base) => {
          const request = listener.request();
          const { spec, path, body } = request;
          const { pathname } = new URL(baseUrl);
          return {
            ...base,
            method: spec.method,
            path: pathname.replace(/\/$/, '') + path,
            headers: Object.fromEntries(headersOf(request)),
            body: body ?? '',
          };
        },
        onResponse: (status, body) => listener.onAnswer(status, () => body),
      },
    ],
  };
  autocannon(options, () => undefined);
  if (cannon === undefined) throw unfit();
  return cannon;
}

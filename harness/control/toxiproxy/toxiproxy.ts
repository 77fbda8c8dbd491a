import { type Proxy, Toxiproxy } from 'toxiproxy-node-client';
import { ChaosError } from '../../core/errors.ts';
import { type Log, logged, silent } from '../../core/log.ts';
import type { Links } from '../../core/topology/control.ts';
import type { ProxyRef, Toxic } from '../../core/topology/proxy.ts';

/**
 * Milliseconds that a call waits at most. The removal of a toxic can freeze Toxiproxy's control interface for good
 * (Shopify/toxiproxy#558).
 */
const CALL_MS = 2_000;
/** Characters of an answer that an error shows at most. */
const SHOWN = 300;

export interface ProxyState extends ProxyRef {
  readonly enabled: boolean;
  readonly toxics: readonly string[];
}

/** A proxy as the control interface prints it. */
export interface ListedProxy extends ProxyRef {
  readonly enabled: boolean;
  readonly toxics: readonly { readonly name: string }[];
}

const stateOf = ({ name, listen, upstream, enabled, toxics }: ListedProxy): ProxyState => ({
  name,
  listen,
  upstream,
  enabled,
  toxics: toxics.map((toxic) => toxic.name),
});

/**
 * Calls Toxiproxy's control interface. To make what exists already, or to remove what is gone, is a success. Each
 * request is aborted at its deadline. Throws CHAOS_TOXIPROXY for no answer, and for an answer that is no success.
 */
export class ToxiproxyControl implements Links {
  readonly #client: Toxiproxy;
  readonly #http: Requests;

  constructor(url: string, log: Log = silent) {
    this.#client = new Toxiproxy(url);
    this.#http = requests(url, log);
    // The client's own requests have no deadline. A frozen interface would keep this process alive.
    Object.assign(this.#client.api, this.#http);
  }

  async listed(): Promise<ListedProxy[]> {
    // The client's own listing leaves the toxics out.
    const { host } = this.#client;
    const { data } = await this.#http.get(`${host}/proxies`);
    return Object.values(data as Record<string, unknown>).map((proxy) => listedOf(host, proxy));
  }

  async proxies(): Promise<ProxyState[]> {
    return (await this.listed()).map(stateOf);
  }

  /** Returns undefined when there is no proxy of this name. */
  async state(name: string): Promise<ProxyState | undefined> {
    const { host } = this.#client;
    const found = await unless(404, this.#http.get(`${host}/proxies/${name}`));
    return found === undefined ? undefined : stateOf(listedOf(host, found.data));
  }

  async proxy(name: string): Promise<ProxyRef> {
    const { listen, upstream } = await this.#client.get(name);
    if (listen !== undefined) return { name, listen, upstream };
    throw failed(this.#client.host, 'reading a proxy', new Error('the answer describes no proxy'));
  }

  /**
   * Adds a toxic to a proxy. Removes an existing toxic of the same name first: an edit would draw anew which
   * connections each toxic of the proxy affects.
   */
  async addToxic(ref: ProxyRef, { name, type, stream, attributes }: Toxic): Promise<void> {
    const proxy = await this.#client.get(ref.name);
    const body = { name, type, stream, toxicity: 1, attributes: attributes as never };
    if ((await unless(409, proxy.addToxic(body))) !== undefined) return;
    await this.removeToxic(ref, name);
    await proxy.addToxic(body);
  }

  /**
   * Removes a toxic. Toxiproxy may never answer, and its whole control interface may then be frozen. The call fails
   * at its deadline, and proxies.ts goes on from there.
   */
  async removeToxic(ref: ProxyRef, toxic: string): Promise<void> {
    await unless(404, this.#http.delete(`${this.#client.host}/proxies/${ref.name}/toxics/${toxic}`));
  }

  async disableProxy(ref: ProxyRef): Promise<void> {
    await this.#set(ref, false);
  }

  async enable(ref: ProxyRef): Promise<void> {
    await unless(404, this.#set(ref, true));
  }

  /** Deletes the proxy, whatever its state is, and makes it again: enabled and without toxics. */
  async recreate({ name, listen, upstream }: ProxyRef): Promise<void> {
    await unless(404, this.#http.delete(`${this.#client.host}/proxies/${name}`));
    await unless(409, this.#client.createProxy({ name, listen, upstream, enabled: true }));
  }

  async #set(ref: ProxyRef, enabled: boolean): Promise<Proxy> {
    return (await this.#client.get(ref.name)).update({ enabled, listen: ref.listen, upstream: ref.upstream });
  }
}

/** Throws CHAOS_TOXIPROXY when something else than Toxiproxy answered. */
function listedOf(address: string, answer: unknown): ListedProxy {
  const { name, toxics } = (answer ?? {}) as Partial<ListedProxy>;
  if (typeof name === 'string' && Array.isArray(toxics)) return answer as ListedProxy;
  throw failed(address, 'reading a proxy', new Error('the answer describes no proxy'));
}

const failed = (address: string, what: string, cause: unknown): ChaosError =>
  new ChaosError('CHAOS_TOXIPROXY', {
    what: `Toxiproxy at ${address} failed: ${what}`,
    hint: 'It may be frozen or dead. `chaos heal` makes its proxies again. When that fails, it restarts Toxiproxy.',
    exit: 'not-ready',
    cause,
  });

/** The requests that the client makes. `delete` resolves with true. */
interface Requests {
  get(url: string): Promise<{ readonly data: unknown }>;
  post(url: string, body?: unknown): Promise<{ readonly data: unknown }>;
  delete(url: string): Promise<true>;
}

/** An answer that is no success. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`HTTP ${status}: ${text.slice(0, SHOWN)}`);
    this.status = status;
  }
}

/** Resolves with undefined when Toxiproxy answers with this status. */
async function unless<T>(status: number, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ChaosError && error.cause instanceof Refused && error.cause.status === status)
      return undefined;
    throw error;
  }
}

function requests(address: string, log: Log): Requests {
  async function request(method: string, url: string, body?: unknown): Promise<{ readonly data: unknown }> {
    const what = `${method} ${url.slice(address.length)}`;
    const signal = AbortSignal.timeout(CALL_MS);
    const init: RequestInit = body === undefined ? { method, signal } : { method, signal, body: JSON.stringify(body) };
    const order = { to: 'toxiproxy', what, level: method === 'GET' ? 'debug' : 'info' } as const;
    try {
      return { data: await logged(log, order, ask(url, init)) };
    } catch (error) {
      throw failed(address, what, signal.aborted ? new Error(`it did not answer within ${CALL_MS} ms`) : error);
    }
  }
  return {
    get: (url) => request('GET', url),
    post: (url, body) => request('POST', url, body),
    delete: (url) => request('DELETE', url).then(() => true as const),
  };
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Refused(response.status, text);
  if (text === '' && init.method !== 'GET') return undefined;
  const answer: unknown = JSON.parse(text);
  if (typeof answer === 'object' && answer !== null) return answer;
  throw new TypeError('the answer is no object');
}

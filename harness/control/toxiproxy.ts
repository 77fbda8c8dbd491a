import { Toxiproxy } from 'toxiproxy-node-client';
import { withDeadline } from '../core/deadline.ts';
import { ChaosError } from '../core/errors.ts';
import { type Log, logged, type LogLevel, silent } from '../core/log.ts';
import type { ProxyRef, Toxic } from '../core/topology.ts';

/** Removing a toxic can freeze Toxiproxy's control interface for good (Shopify/toxiproxy#558): no call waits longer. */
const CALL_MS = 2_000;

export interface ProxyState extends ProxyRef {
  readonly enabled: boolean;
  readonly toxics: readonly string[];
}

interface ListedProxy extends ProxyRef {
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

const isStatus = (error: unknown, status: number): boolean => describe(error).includes(String(status));
const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The one place that speaks with Toxiproxy. Idempotent: "exists" and "gone" are successes. */
export class ToxiproxyControl {
  readonly #client: Toxiproxy;
  readonly #url: string;
  readonly #log: Log;

  constructor(url: string, log: Log = silent) {
    this.#url = url;
    this.#log = log;
    this.#client = new Toxiproxy(url);
  }

  async #call<T>(what: string, level: LogLevel, work: Promise<T>): Promise<T> {
    try {
      const timely = withDeadline(`Toxiproxy (${what})`, CALL_MS, work);
      return await logged(this.#log, { to: 'toxiproxy', what, level }, timely);
    } catch (error) {
      throw new ChaosError('CHAOS_TOXIPROXY', {
        what: `Toxiproxy at ${this.#url} failed: ${what}`,
        hint: 'It may be frozen or dead: `chaos heal` makes its proxies again and, failing that, restarts it.',
        exit: 'not-ready',
        cause: error,
      });
    }
  }

  async proxies(): Promise<ProxyState[]> {
    // The client's own listing leaves the toxics out.
    const all = (await this.#http('GET', '/proxies')) as Record<string, ListedProxy>;
    return Object.values(all).map(stateOf);
  }

  /** Undefined where there is no such proxy. */
  async state(name: string): Promise<ProxyState | undefined> {
    const found = (await this.#http('GET', `/proxies/${name}`)) as ListedProxy | { readonly error: string };
    return 'error' in found ? undefined : stateOf(found);
  }

  async proxy(name: string): Promise<ProxyRef> {
    const found = await this.#call(`get proxy ${name}`, 'debug', this.#client.get(name));
    return { name: found.name, listen: found.listen, upstream: found.upstream };
  }

  /**
   * One of that name that is there already is taken away first: an edit would draw anew which connections each toxic of
   * the proxy means.
   */
  async addToxic(ref: ProxyRef, toxic: Toxic): Promise<void> {
    const { name, type, stream } = toxic;
    const add = async (): Promise<void> => {
      const proxy = await this.#call(`get proxy ${ref.name}`, 'debug', this.#client.get(ref.name));
      const work = proxy.addToxic({ name, type, stream, toxicity: 1, attributes: toxic.attributes as never });
      await this.#call(`add toxic ${name} to ${ref.name}`, 'info', work);
    };
    try {
      await add();
    } catch (error) {
      if (!isStatus((error as Error).cause, 409)) throw error;
      await this.removeToxic(ref, name);
      await add();
    }
  }

  /** May never answer, and with it the whole interface: proxies.ts goes on from there. */
  async removeToxic(ref: ProxyRef, toxic: string): Promise<void> {
    await this.#http('DELETE', `/proxies/${ref.name}/toxics/${toxic}`);
  }

  async disable(ref: ProxyRef): Promise<void> {
    await this.#http('POST', `/proxies/${ref.name}`, { enabled: false });
  }

  async enable(ref: ProxyRef): Promise<void> {
    await this.#http('POST', `/proxies/${ref.name}`, { enabled: true });
  }

  /** A proxy without toxics, enabled, whatever was there before. */
  async recreate(ref: ProxyRef): Promise<void> {
    await this.#http('DELETE', `/proxies/${ref.name}`);
    try {
      await this.#call(
        `create proxy ${ref.name}`,
        'info',
        this.#client.createProxy({ name: ref.name, listen: ref.listen, upstream: ref.upstream, enabled: true }),
      );
    } catch (error) {
      if (!isStatus((error as Error).cause, 409)) throw error;
    }
  }

  /** For what the client cannot abort: a request that is really given up at its deadline. 404 is success. */
  async #http(method: string, path: string, body?: unknown): Promise<unknown> {
    const init: RequestInit = { method, signal: AbortSignal.timeout(CALL_MS) };
    if (body !== undefined) init.body = JSON.stringify(body);
    const work = fetch(`${this.#url}${path}`, init).then(async (response) => {
      const text = await response.text();
      if (!response.ok && response.status !== 404) throw new Error(`HTTP ${response.status}: ${text}`);
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    });
    return this.#call(`${method} ${path}`, method === 'GET' ? 'debug' : 'info', work);
  }
}

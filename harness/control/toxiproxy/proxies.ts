import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '../../core/errors.ts';
import type { LinkSpec } from '../../core/topology/spec.ts';
import type { ProxyRef } from '../../core/topology/proxy.ts';
import { misplaced, soundProxy } from './residue.ts';
import type { ProxyState, ToxiproxyControl } from './toxiproxy.ts';

/**
 * The most requests for the list of proxies, and the milliseconds between two of them: a new Toxiproxy needs some
 * tenths of a second.
 */
const TRIES = 8;
const TRY_AGAIN_MS = 300;

export interface ProxiesOptions {
  readonly toxiproxy: ToxiproxyControl;
  readonly links: readonly LinkSpec[];
  /** Ends Toxiproxy, whatever its state is, and starts it. It then reads its proxies from its file again. */
  readonly restart: () => Promise<void>;
  /** Returns whether bytes cross a proxy. The control interface cannot tell: it answers even when all proxies hang. */
  readonly crosses: (proxy: ProxyRef) => Promise<boolean>;
}

/**
 * Repairs proxies in up to three attempts. The first makes the one change that is needed. The second deletes the
 * proxy and makes it again: this works even when the removal of a toxic has frozen the interface
 * (Shopify/toxiproxy#558). The third restarts Toxiproxy. The second and the third succeed only when bytes cross the
 * proxy.
 */
export class Proxies {
  readonly #toxiproxy: ToxiproxyControl;
  readonly #options: ProxiesOptions;
  #restarting: Promise<void> | undefined;

  constructor(options: ProxiesOptions) {
    this.#toxiproxy = options.toxiproxy;
    this.#options = options;
  }

  async removeToxic(ref: ProxyRef, toxic: string): Promise<void> {
    const change = () => this.#toxiproxy.removeToxic(ref, toxic);
    if (await this.#changed(ref, change, (state) => !state.toxics.includes(toxic))) return;
    await this.#again(ref);
  }

  async enable(ref: ProxyRef): Promise<void> {
    if (
      await this.#changed(
        ref,
        () => this.#toxiproxy.enable(ref),
        (state) => state.enabled,
      )
    )
      return;
    await this.#again(ref);
  }

  /** Repairs the proxy of every link. Enables every other proxy and removes its toxics. */
  async restore(): Promise<void> {
    const listed = await this.#toxiproxy.proxies().catch(() => undefined);
    if (listed === undefined) await this.#restart();
    const { links } = this.#options;
    for (const proxy of listed ?? (await this.#list())) {
      const link = links.find((l) => l.proxy === proxy.name);
      const moved = link !== undefined && misplaced(proxy, link);
      if (!moved && proxy.enabled && proxy.toxics.length === 0) continue;
      const sound = moved ? soundProxy(link) : proxy;
      // When the compose file does not say where this proxy dials, Toxiproxy's own file does. A restart reads that
      // file.
      await (sound === undefined ? this.#restart() : this.#again(sound));
    }
    const there = new Set((await this.#list()).map((p) => p.name));
    for (const link of links.filter((l) => !there.has(l.proxy))) {
      const sound = soundProxy(link);
      await (sound === undefined ? this.#restart() : this.#again(sound));
    }
  }

  /** The first attempt. Returns whether it was enough. */
  async #changed(ref: ProxyRef, change: () => Promise<void>, isWell: (state: ProxyState) => boolean): Promise<boolean> {
    try {
      await change();
      const state = await this.#toxiproxy.state(ref.name);
      return state !== undefined && isWell(state);
    } catch {
      return false;
    }
  }

  /** The second attempt and, when it fails, the third. Throws CHAOS_TOXIPROXY when the third fails too. */
  async #again(ref: ProxyRef): Promise<void> {
    try {
      await this.#toxiproxy.recreate(ref);
      if (await this.#options.crosses(ref)) return;
    } catch {
      // The interface hangs, or Toxiproxy is not there.
    }
    await this.#restart();
    const state = await this.#toxiproxy.state(ref.name);
    if (state?.enabled !== true || state.toxics.length > 0 || state.upstream !== ref.upstream) {
      await this.#toxiproxy.recreate(ref);
    }
    if (await this.#options.crosses(ref)) return;
    throw new ChaosError('CHAOS_TOXIPROXY', {
      what: `no bytes cross proxy ${ref.name} (${ref.listen} to ${ref.upstream}), though Toxiproxy was started again`,
      hint: 'Run `chaos topology down`, then `chaos topology up`: they make the topology anew.',
      exit: 'error',
    });
  }

  /** Restarts Toxiproxy, once for all callers that find it frozen at the same time. */
  #restart(): Promise<void> {
    this.#restarting ??= this.#options
      .restart()
      .then(() => this.#list())
      .then(() => undefined)
      .finally(() => (this.#restarting = undefined));
    return this.#restarting;
  }

  async #list(): Promise<readonly ProxyState[]> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#toxiproxy.proxies();
      } catch (error) {
        if (tried === TRIES) throw error;
        await delay(TRY_AGAIN_MS);
      }
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '../core/errors.ts';
import type { LinkSpec, ProxyRef } from '../core/topology.ts';
import { misplaced, soundProxy } from './residue.ts';
import type { ProxyState, ToxiproxyControl } from './toxiproxy.ts';

/** A Toxiproxy that was started a moment ago needs some tenths of a second. */
const LOOKS = 8;
const LOOK_AGAIN_MS = 300;

export interface ProxiesOptions {
  readonly toxiproxy: ToxiproxyControl;
  readonly links: readonly LinkSpec[];
  /** Ends Toxiproxy, whatever state it is in, and starts it: it reads its proxies anew from their file. */
  readonly restart: () => Promise<void>;
  /** Whether bytes cross a proxy. That its interface answers says little: it does so when all proxies are stuck. */
  readonly crosses: (proxy: ProxyRef) => Promise<boolean>;
}

/**
 * How proxies come back. The ladder: the one change that is wanted; the proxy deleted and made again, which works even
 * where the removal of a toxic has frozen the interface (Shopify/toxiproxy#558); Toxiproxy started again. From the second
 * rung on it counts only that bytes cross.
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

  /** Every proxy of a link as it should be, and every other without toxics. */
  async restore(): Promise<void> {
    const listed = await this.#toxiproxy.proxies().catch(() => undefined);
    if (listed === undefined) await this.#restart();
    const { links } = this.#options;
    for (const proxy of listed ?? (await this.#list())) {
      const link = links.find((l) => l.proxy === proxy.name);
      const moved = link !== undefined && misplaced(proxy, link);
      if (!moved && proxy.enabled && proxy.toxics.length === 0) continue;
      const sound = moved ? soundProxy(link) : proxy;
      // What nobody knows of stands in Toxiproxy's own file.
      await (sound === undefined ? this.#restart() : this.#again(sound));
    }
    const there = new Set((await this.#list()).map((p) => p.name));
    for (const link of links.filter((l) => !there.has(l.proxy))) {
      const sound = soundProxy(link);
      await (sound === undefined ? this.#restart() : this.#again(sound));
    }
  }

  /** The first rung; whether it was enough. */
  async #changed(ref: ProxyRef, change: () => Promise<void>, isWell: (state: ProxyState) => boolean): Promise<boolean> {
    try {
      await change();
      const state = await this.#toxiproxy.state(ref.name);
      return state !== undefined && isWell(state);
    } catch {
      return false;
    }
  }

  /** The second rung and, where it does not carry, the third. */
  async #again(ref: ProxyRef): Promise<void> {
    try {
      await this.#toxiproxy.recreate(ref);
      if (await this.#options.crosses(ref)) return;
    } catch {
      // The interface hangs, or nobody is there.
    }
    await this.#restart();
    const state = await this.#toxiproxy.state(ref.name);
    if (state?.enabled !== true || state.toxics.length > 0 || state.upstream !== ref.upstream) {
      await this.#toxiproxy.recreate(ref);
    }
    if (await this.#options.crosses(ref)) return;
    throw new ChaosError('CHAOS_TOXIPROXY', {
      what: `no bytes cross proxy ${ref.name} (${ref.listen} to ${ref.upstream}), though Toxiproxy was started again`,
      hint: 'Run `chaos topology down` and `chaos topology up`: the topology is made anew.',
      exit: 'error',
    });
  }

  /** Once for all who find it frozen at the same time. */
  #restart(): Promise<void> {
    this.#restarting ??= this.#options
      .restart()
      .then(() => this.#list())
      .then(() => undefined)
      .finally(() => (this.#restarting = undefined));
    return this.#restarting;
  }

  async #list(): Promise<readonly ProxyState[]> {
    for (let look = 1; ; look += 1) {
      try {
        return await this.#toxiproxy.proxies();
      } catch (error) {
        if (look === LOOKS) throw error;
        await delay(LOOK_AGAIN_MS);
      }
    }
  }
}

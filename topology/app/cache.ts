import type { Time } from './time.ts';

/** The kind of data that is cached: a label in the metrics and the first part of the key. */
export type Pattern =
  'dashboard' | 'clients' | 'clients_after' | 'upcoming' | 'tasks' | 'timeline' | 'photos' | 'messages';
export type Layer = 'application' | 'redis';

/** A shared cache that never fails a request: `get` resolves with undefined when the cache cannot be reached. */
export interface SharedCache {
  get(key: string): Promise<string | undefined>;
  /** Returns at once and does not wait for the write. */
  set(key: string, value: string, ttlMs: number): void;
}

export interface CacheObserver {
  lookup(layer: Layer, pattern: Pattern, hit: boolean, ms: number): void;
  evicted(layer: Layer, pattern: Pattern): void;
}

export interface CacheOptions {
  readonly shared: SharedCache;
  readonly observer: CacheObserver;
  readonly time: Time;
  readonly random: () => number;
  /**
   * On: at most one load of a key runs at a time, and keys expire at different times. Off: every request that misses
   * loads for itself.
   */
  readonly stampedeProtection: boolean;
  readonly maxEntries: number;
  /** A longer value is not kept. The memory of a replica is small, and Redis evicts nothing: it has the queue, too. */
  readonly maxLength: number;
  readonly memoryTtlMs: number;
  readonly sharedTtlMs: number;
}

interface Entry {
  readonly value: string;
  readonly expires: number;
  readonly pattern: Pattern;
}

/**
 * A cache in memory in front of a shared cache. A full memory drops the entry that was used least recently. A Map keeps
 * the order of insertion, so that entry comes first.
 */
export class TwoLayerCache {
  readonly #options: CacheOptions;
  readonly #memory = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<string>>();

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /**
   * Returns the cached value of `pattern:id`. When there is none, returns the value of `load` and keeps it. An error of
   * `load` is not kept.
   */
  get(pattern: Pattern, id: string, load: () => Promise<string>): Promise<string> {
    const key = `${pattern}:${id}`;
    const kept = this.#recall(pattern, key);
    if (kept !== undefined) return Promise.resolve(kept);
    if (!this.#options.stampedeProtection) return this.#fill(pattern, key, load);
    const underway = this.#loading.get(key);
    // A load has the deadline of the request that began it. A request that came later may have time for another.
    if (underway) return underway.catch(() => this.get(pattern, id, load));
    const filling = this.#fill(pattern, key, load).finally(() => this.#loading.delete(key));
    this.#loading.set(key, filling);
    return filling;
  }

  async #fill(pattern: Pattern, key: string, load: () => Promise<string>): Promise<string> {
    const { shared, observer, time, sharedTtlMs, maxLength } = this.#options;
    const asked = time.now();
    const found = await shared.get(key);
    observer.lookup('redis', pattern, found !== undefined, time.now() - asked);
    const value = found ?? (await load());
    if (value.length > maxLength) return value;
    if (found === undefined) shared.set(key, value, this.#spread(sharedTtlMs));
    this.#keep(pattern, key, value);
    return value;
  }

  #recall(pattern: Pattern, key: string): string | undefined {
    const { observer, time } = this.#options;
    const asked = time.now();
    const entry = this.#memory.get(key);
    const fresh = entry !== undefined && entry.expires > asked;
    if (entry) this.#memory.delete(key);
    if (fresh) this.#memory.set(key, entry);
    observer.lookup('application', pattern, fresh, time.now() - asked);
    return fresh ? entry.value : undefined;
  }

  #keep(pattern: Pattern, key: string, value: string): void {
    const { observer, time, maxEntries, memoryTtlMs } = this.#options;
    this.#memory.delete(key);
    this.#memory.set(key, { value, pattern, expires: time.now() + this.#spread(memoryTtlMs) });
    if (this.#memory.size <= maxEntries) return;
    for (const [oldest, entry] of this.#memory) {
      this.#memory.delete(oldest);
      observer.evicted('application', entry.pattern);
      return;
    }
  }

  /** Shortens by up to a fifth, so that keys that were filled together expire apart. Whole milliseconds. */
  #spread(ttlMs: number): number {
    return Math.round(this.#options.stampedeProtection ? ttlMs * (1 - 0.2 * this.#options.random()) : ttlMs);
  }
}

import { Redis } from 'ioredis';
import type { SharedCache } from './cache.ts';
import { Circuit } from './circuit.ts';
import type { Limits } from './config.ts';
import type { Time } from './time.ts';

const retryStrategy = (attempt: number): number => Math.min(500, 50 * attempt);

/** A client for callers that cannot wait: a call fails at once when Redis is not there. No command is sent twice. */
export function promptRedis(url: string, limits: Pick<Limits, 'connectMs'>, commandMs: number): Redis {
  const bounds = limits.connectMs === Infinity ? {} : { connectTimeout: limits.connectMs, commandTimeout: commandMs };
  return quiet(
    new Redis(url, {
      ...bounds,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      keepAlive: 1000,
      retryStrategy,
    }),
  );
}

/**
 * A client for BullMQ's worker, which waits as long as no job comes. BullMQ requires that its retries have no limit.
 */
export const patientRedis = (url: string): Redis =>
  quiet(new Redis(url, { maxRetriesPerRequest: null, connectTimeout: 1000, keepAlive: 1000, retryStrategy }));

/** Ignores errors: `status` and failing commands show the state. An error without a listener would be printed. */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => undefined);
}

export interface RedisCacheOptions {
  readonly url: string;
  readonly limits: Limits;
  readonly time: Time;
}

/** After this many failed probes in a row, a silent connection is replaced by a new one. */
const PATIENCE = 8;

/** The shared layer of the cache. While Redis cannot be used, its circuit is open and no request waits for it. */
export class RedisCache implements SharedCache {
  readonly circuit: Circuit;
  readonly #redis: Redis;
  #failedProbes = 0;

  constructor({ url, limits, time }: RedisCacheOptions) {
    this.#redis = promptRedis(url, limits, limits.redisMs);
    this.circuit = new Circuit({
      probe: () => this.#probe(),
      time,
      intervalMs: 250,
    });
    this.#redis.on('close', () => this.circuit.trip());
  }

  async get(key: string): Promise<string | undefined> {
    if (!this.circuit.closed) return undefined;
    try {
      return (await this.#redis.get(key)) ?? undefined;
    } catch {
      this.circuit.trip();
      return undefined;
    }
  }

  set(key: string, value: string, ttlMs: number): void {
    if (!this.circuit.closed) return;
    this.#redis.set(key, value, 'PX', ttlMs).catch(() => this.circuit.trip());
  }

  close(): void {
    this.circuit.stop();
    this.#redis.disconnect();
  }

  async #probe(): Promise<void> {
    try {
      await this.#redis.ping();
      this.#failedProbes = 0;
    } catch (error) {
      this.#failedProbes += 1;
      if (this.#failedProbes % PATIENCE === 0 && this.#redis.status === 'ready') this.#redis.disconnect(true);
      throw error;
    }
  }
}

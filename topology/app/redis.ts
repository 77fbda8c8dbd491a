import { Redis } from 'ioredis';
import type { SharedCache } from './cache.ts';
import { Circuit } from './circuit.ts';
import type { Limits } from './config.ts';
import type { Time } from './time.ts';

const retryStrategy = (attempt: number): number => Math.min(500, 50 * attempt);

/** For calls that somebody waits for: fail at once when Redis is not there, and never run a command twice. */
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

/** For BullMQ's worker, which waits for jobs for as long as it takes: without limits, as BullMQ requires. */
export const patientRedis = (url: string): Redis =>
  quiet(new Redis(url, { maxRetriesPerRequest: null, connectTimeout: 1000, keepAlive: 1000, retryStrategy }));

/** State is read from `status` and from failing commands; an error without a listener would be printed. */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => undefined);
}

export interface RedisCacheOptions {
  readonly url: string;
  readonly limits: Limits;
  readonly time: Time;
}

/** Probes that fail before a silent connection is given up for a new one. */
const PATIENCE = 8;

/** The shared layer of the cache. Out of order it costs a request nothing: the circuit remembers. */
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

import { Redis } from 'ioredis';
import type { SharedCache } from './cache.ts';
import { Circuit } from './circuit.ts';
import type { Limits } from './config.ts';
import { TIMED_OUT, within } from './time.ts';
import type { Time } from './time.ts';

const retryStrategy = (attempt: number): number => Math.min(500, 50 * attempt);

/**
 * A client for callers that cannot wait: a call fails at once when Redis is not there. No command is sent twice.
 * `commandMs`: the longest wait for an answer; without it the caller has a limit of its own.
 */
export function promptRedis(url: string, limits: Pick<Limits, 'connectMs'>, commandMs?: number): Redis {
  const commandTimeout = commandMs === undefined ? {} : { commandTimeout: commandMs };
  const bounds = limits.connectMs === Infinity ? {} : { connectTimeout: limits.connectMs, ...commandTimeout };
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
  readonly #options: RedisCacheOptions;
  #failedProbes = 0;

  constructor(options: RedisCacheOptions) {
    const { url, limits, time } = options;
    this.#options = options;
    this.#redis = promptRedis(url, limits);
    this.circuit = new Circuit({
      probe: () => this.#probe(),
      time,
      intervalMs: () => 250,
    });
    this.#redis.on('close', () => this.circuit.trip());
  }

  async get(key: string): Promise<string | undefined> {
    if (!this.circuit.closed) return undefined;
    try {
      return (await this.#inTime(this.#redis.get(key))) ?? undefined;
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

  /**
   * Rejects when no answer comes in time. The time limit of the client itself does not look whether the answer is there
   * already: after the process was held up, it would take a sound Redis for silent.
   */
  async #inTime<T>(answer: Promise<T>): Promise<T> {
    const { time, limits } = this.#options;
    const found = await within(time, answer, limits.redisMs);
    if (found === TIMED_OUT) throw new Error('Redis did not answer in time.');
    return found;
  }

  async #probe(): Promise<void> {
    try {
      await this.#inTime(this.#redis.ping());
      this.#failedProbes = 0;
    } catch (error) {
      this.#failedProbes += 1;
      if (this.#failedProbes % PATIENCE === 0 && this.#redis.status === 'ready') this.#redis.disconnect(true);
      throw error;
    }
  }
}

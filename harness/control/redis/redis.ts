import type { Redis } from 'ioredis';
import { ChaosError } from '../../core/errors.ts';

/**
 * Runs one task on a connection of its own: a Redis that is killed meanwhile never leaves a stale connection. Throws
 * CHAOS_DATABASE when Redis does not answer in time, or refuses.
 */
async function connected<T>(url: string, task: (redis: Redis) => Promise<T>): Promise<T> {
  // It takes long to load, and only few commands ask Redis.
  const { Redis: Connection } = await import('ioredis');
  const redis = new Connection(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 1,
    retryStrategy: null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await task(redis);
  } catch (cause) {
    throw new ChaosError('CHAOS_DATABASE', {
      what: 'Redis did not carry out a command',
      hint: 'The cause says why. `chaos status` says whether the topology is healthy.',
      exit: 'not-ready',
      cause,
    });
  } finally {
    redis.disconnect();
  }
}

/** Empties the database of Redis that the URL names. */
export const flushRedis = (url: string): Promise<unknown> => connected(url, (redis) => redis.flushdb());

/** Sends one command and returns Redis' answer as text. A list has one item a line. */
export const askRedis = (url: string, [name = 'PING', ...rest]: readonly string[]): Promise<string> =>
  connected(url, async (redis) => {
    const answer: unknown = await redis.call(name, ...rest);
    return Array.isArray(answer) ? answer.join('\n') : String(answer);
  });

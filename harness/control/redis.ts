import { Redis } from 'ioredis';

/** A connection for one errand: a Redis that is killed meanwhile never leaves a stale one. */
async function connected<T>(url: string, errand: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 1,
    retryStrategy: null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await errand(redis);
  } finally {
    redis.disconnect();
  }
}

/** Empties the cache and the queue: every run begins with both cold. */
export const flushRedis = (url: string): Promise<unknown> => connected(url, (redis) => redis.flushdb());

/** One command and its answer as text: lists as lines. */
export const askRedis = (url: string, [name = 'PING', ...rest]: readonly string[]): Promise<string> =>
  connected(url, async (redis) => {
    const answer: unknown = await redis.call(name, ...rest);
    return Array.isArray(answer) ? answer.join('\n') : String(answer);
  });

import { z } from 'zod';
import type { CommandObserver } from '../observation.ts';

/** Redis is looked at often: one look costs a millisecond. */
const EVERY_MS = 250;

export const redisService = z
  .string()
  .default('redis')
  .meta({ description: 'The service that is Redis', examples: ['redis'] });

/** Keys in Redis. */
export const KEYS: CommandObserver = { id: 'keys in Redis', command: { redis: ['DBSIZE'] }, everyMs: 100 };

/** A number out of INFO; 0 where the section does not tell it. The pattern is Lua's, with one group of digits. */
export const infoObserver = (id: string, section: string, pattern: string): CommandObserver => ({
  id,
  command: {
    redis: ['EVAL_RO', `return redis.call('INFO', ARGV[1]):match(ARGV[2]) or '0'`, '0', section, pattern],
  },
  everyMs: EVERY_MS,
});

/** Errors of one kind that clients were answered. */
export const errorsObserver = (kind: string): CommandObserver =>
  infoObserver(`${kind} errors answered by Redis`, 'errorstats', `errorstat_${kind}:count=(%d+)`);

export const MISSES = infoObserver('keys that were asked for in vain', 'stats', 'keyspace_misses:(%d+)');

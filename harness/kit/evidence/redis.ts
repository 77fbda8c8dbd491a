import { z } from 'zod';
import type { CommandObserver } from '../../core/record/observation.ts';

/** Milliseconds between two readings of Redis. One reading costs a millisecond. */
const EVERY_MS = 250;

export const redisService = z
  .string()
  .default('redis')
  .meta({ description: 'The service that is Redis', examples: ['redis'] });

/** Reads the number of keys in Redis. */
export const KEYS: CommandObserver = { id: 'keys in Redis', command: { redis: ['DBSIZE'] }, everyMs: 100 };

/**
 * An observer of a number in a section of INFO. The number is 0 when the section does not have it. `pattern` is a Lua
 * pattern with one group of digits.
 */
export const infoObserver = (id: string, section: string, pattern: string): CommandObserver => ({
  id,
  command: {
    redis: ['EVAL_RO', `return redis.call('INFO', ARGV[1]):match(ARGV[2]) or '0'`, '0', section, pattern],
  },
  everyMs: EVERY_MS,
});

/** An observer that counts the errors of one kind that Redis sent to clients. */
export const errorsObserver = (kind: string): CommandObserver =>
  infoObserver(`${kind} errors answered by Redis`, 'errorstats', `errorstat_${kind}:count=(%d+)`);

export const MISSES = infoObserver('keys that were asked for in vain', 'stats', 'keyspace_misses:(%d+)');

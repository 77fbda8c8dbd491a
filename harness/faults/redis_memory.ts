import { z } from 'zod';
import { rise, shown } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { errorsObserver, infoObserver, redisService } from '../core/evidence/redis.ts';

const EVICTED = infoObserver('keys that Redis evicted', 'stats', 'evicted_keys:(%d+)');
const REFUSED = errorsObserver('OOM');
const POLICIES = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-ttl',
] as const;
const KEPT = ['maxmemory', 'maxmemory-policy'] as const;

export default defineFault({
  name: 'redis_memory',
  summary: 'Gives Redis less memory than it uses: it evicts keys, or refuses writes.',
  params: z.strictObject({
    service: redisService,
    percent: z
      .number()
      .gt(0)
      .max(100)
      .default(90)
      .meta({ description: 'Of the memory that it uses when the fault begins' }),
    policy: z.enum(POLICIES).default('noeviction').meta({
      description: 'noeviction refuses writes (OOM); the others evict keys, jobs among them but for volatile-*',
    }),
  }),
  example: { percent: 90, policy: 'allkeys-lru' },
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'set maxmemory and maxmemory-policy to what they were',
  observers: () => [EVICTED, REFUSED],
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve({ service: params.service }, random);
    const ask = (redis: readonly string[]): Promise<string> => topology.ask({ redis });
    const old = await Promise.all(
      KEPT.map(async (key) => [key, (await ask(['CONFIG', 'GET', key])).split('\n')[1] ?? '']),
    );
    const used = Number(await ask(['EVAL_RO', `return redis.call('INFO', 'memory'):match('used_memory:(%d+)')`, '0']));
    await undo({ do: 'command', command: { redis: ['CONFIG', 'SET', ...old.flat()] } });
    const most = String(Math.max(1, Math.floor((used * params.percent) / 100)));
    await topology.act({ redis: ['CONFIG', 'SET', 'maxmemory', most, 'maxmemory-policy', params.policy] });
    return hit.map((container) => container.name);
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    const evicted = rise(record, EVICTED.id);
    const refused = rise(record, REFUSED.id);
    if (evicted === undefined || refused === undefined) {
      return { effective: 'inconclusive', evidence: 'the counters of Redis were not seen before and during' };
    }
    const evidence = `${evicted} keys were evicted and ${refused} writes refused for want of memory since the fault began`;
    return shown(evicted > 0 || refused > 0, evidence);
  },
});

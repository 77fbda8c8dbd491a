import { z } from 'zod';
import { rise, shown } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { errorsObserver, infoObserver, redisService } from '../kit/evidence/redis.ts';

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
      .meta({ description: 'The new limit, in percent of the memory in use when the fault begins' }),
    policy: z.enum(POLICIES).default('noeviction').meta({
      description: 'noeviction refuses writes (OOM); allkeys-* evicts keys, jobs too; volatile-* only keys that expire',
    }),
  }),
  example: { percent: 90, policy: 'allkeys-lru' },
  requires: ['redis'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'set maxmemory and maxmemory-policy to what they were',
  observers: () => [EVICTED, REFUSED],
  async inject({ params, topology, random, hold }) {
    const hit = await topology.containers.resolve({ service: params.service }, random);
    const ask = (redis: readonly string[]): Promise<string> => topology.ask({ redis });
    const used = Number(await ask(['EVAL_RO', `return redis.call('INFO', 'memory'):match('used_memory:(%d+)')`, '0']));
    const most = String(Math.max(1, Math.floor((used * params.percent) / 100)));
    await hold({
      place: 'Redis',
      what: 'memory',
      value: `${most}, ${params.policy}`,
      before: async () => {
        const old = await Promise.all(
          KEPT.map(async (key) => [key, (await ask(['CONFIG', 'GET', key])).split('\n')[1] ?? '']),
        );
        return [{ do: 'command', command: { redis: ['CONFIG', 'SET', ...old.flat()] } }];
      },
      set: () => topology.act({ redis: ['CONFIG', 'SET', 'maxmemory', most, 'maxmemory-policy', params.policy] }),
    });
    return hit.map((container) => container.name);
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    const evicted = rise(record, EVICTED.id);
    const refused = rise(record, REFUSED.id);
    if (evicted === undefined || refused === undefined) {
      return { effective: 'inconclusive', evidence: 'the counters of Redis were not read before and during the fault' };
    }
    const evidence = `${evicted} keys were evicted and ${refused} writes refused (OOM) since the fault began`;
    return shown(evicted > 0 || refused > 0, evidence);
  },
});

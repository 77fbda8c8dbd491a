import { z } from 'zod';
import { rise, shown } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { errorsObserver, redisService } from '../kit/evidence/redis.ts';

const REFUSED = errorsObserver('MISCONF');
const KEY = 'stop-writes-on-bgsave-error';

export default defineFault({
  name: 'redis_persistence_failure',
  summary: 'Keeps Redis from writing its snapshots: Redis notices it and refuses every write (MISCONF).',
  params: z.strictObject({ service: redisService }),
  example: { service: 'redis' },
  requires: ['redis'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => `give the folder its rights back, take a snapshot, and set ${KEY} to what it was`,
  observers: () => [REFUSED],
  async inject({ params, topology, random, hold }) {
    const hit = await topology.containers.resolve({ service: params.service }, random);
    const list = async (key: string): Promise<string> =>
      (await topology.ask({ redis: ['CONFIG', 'GET', key] })).split('\n')[1] ?? '';
    const folder = await list('dir');
    for (const { name } of hit) {
      await hold({
        place: name,
        what: `rights of ${folder}`,
        value: 'not to be written to',
        before: async () => {
          const rights = await topology.ask({ in: name, run: ['stat', '-c', '%a', folder] });
          // Redis accepts writes again only after a snapshot that succeeds.
          return [
            { do: 'command', command: { in: name, run: ['sh', '-c', `chmod ${rights} ${folder}; redis-cli BGSAVE`] } },
          ];
        },
        set: () => topology.act({ in: name, run: ['chmod', 'a-w', folder] }),
      });
    }
    await hold({
      place: 'Redis',
      what: KEY,
      value: 'yes',
      before: async () => [{ do: 'command', command: { redis: ['CONFIG', 'SET', KEY, await list(KEY)] } }],
      set: () => topology.act({ redis: ['CONFIG', 'SET', KEY, 'yes'] }),
    });
    await topology.act({ redis: ['BGSAVE'] });
    return hit.map((container) => container.name);
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    const refused = rise(record, REFUSED.id);
    if (refused === undefined) return { effective: 'inconclusive', evidence: 'the errors of Redis were not counted' };
    const evidence = `Redis refused ${refused} writes of clients (MISCONF) since the fault began`;
    return shown(refused > 0, evidence);
  },
});

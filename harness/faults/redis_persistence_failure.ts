import { z } from 'zod';
import { rise, shown } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { errorsObserver, redisService } from '../core/evidence/redis.ts';

const REFUSED = errorsObserver('MISCONF');
const KEY = 'stop-writes-on-bgsave-error';

export default defineFault({
  name: 'redis_persistence_failure',
  summary: 'Keeps Redis from writing its snapshots: it notices, and refuses every write (MISCONF).',
  params: z.strictObject({ service: redisService }),
  example: { service: 'redis' },
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => `give the folder its rights back, take a snapshot, and set ${KEY} to what it was`,
  observers: () => [REFUSED],
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve({ service: params.service }, random);
    const list = async (key: string): Promise<string> =>
      (await topology.ask({ redis: ['CONFIG', 'GET', key] })).split('\n')[1] ?? '';
    const [folder, stops] = [await list('dir'), await list(KEY)];
    for (const { name } of hit) {
      const rights = await topology.ask({ in: name, run: ['stat', '-c', '%a', folder] });
      // A snapshot that succeeds is what makes Redis trust its disk again.
      const back = `chmod ${rights} ${folder}; redis-cli BGSAVE`;
      await undo({ do: 'command', command: { in: name, run: ['sh', '-c', back] } });
      await topology.act({ in: name, run: ['chmod', 'a-w', folder] });
    }
    await undo({ do: 'command', command: { redis: ['CONFIG', 'SET', KEY, stops] } });
    await topology.act({ redis: ['CONFIG', 'SET', KEY, 'yes'] });
    await topology.act({ redis: ['BGSAVE'] });
    return hit.map((container) => container.name);
  },
  prove(record) {
    if (record.injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    const refused = rise(record, REFUSED.id);
    if (refused === undefined) return { effective: 'inconclusive', evidence: 'the errors of Redis were not seen' };
    const evidence = `${refused} writes of clients were refused (MISCONF) since the fault began`;
    return shown(refused > 0, evidence);
  },
});

import { z } from 'zod';
import { statesDuring } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { KEYS, MISSES, redisService } from '../core/evidence/redis.ts';
import { proveLoss } from '../core/evidence/redis-loss.ts';

export default defineFault({
  name: 'redis_data_loss',
  summary: 'Crashes Redis together with its files: it comes back at once, and empty.',
  params: z.strictObject({ service: redisService }),
  example: { service: 'redis' },
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'start the container where its restart policy has not; what was lost does not come back',
  passes: 'Redis is back at once, and nobody knows what it held',
  observers: () => [KEYS, MISSES],
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve({ service: params.service }, random);
    const folder = (await topology.ask({ redis: ['CONFIG', 'GET', 'dir'] })).split('\n')[1] ?? '';
    for (const { name } of hit) {
      // Should it live on without its files, it writes them anew.
      const back = 'until redis-cli PING; do sleep 0.2; done; redis-cli BGREWRITEAOF';
      await undo({ do: 'command', command: { in: name, run: ['sh', '-c', back] } });
    }
    for (const container of hit) await undo({ do: 'start-container', container });
    for (const { name } of hit) await topology.act({ in: name, run: ['find', folder, '-mindepth', '1', '-delete'] });
    await Promise.all(hit.map((container) => topology.crash(container)));
    return hit.map((container) => container.name);
  },
  prove(record) {
    const states = statesDuring(record);
    const ended = states.filter((s) => s.finishedAt >= record.injecting - 1).length;
    const loss = proveLoss(record);
    if (record.injected !== undefined && states.length === 0) {
      return { effective: 'inconclusive', evidence: 'the state of the target was never seen' };
    }
    const evidence = `its process had ended after the decision in ${ended} of ${states.length} looks; ${loss.evidence}`;
    return { effective: ended === 0 && loss.effective === 'effective' ? 'not effective' : loss.effective, evidence };
  },
});

import { z } from 'zod';
import { proveLoss } from '../core/evidence/redis-loss.ts';
import { defineFault } from '../core/fault.ts';
import { KEYS, MISSES, redisService } from '../core/evidence/redis.ts';

export default defineFault({
  name: 'redis_flush',
  summary: 'Empties Redis at one blow (FLUSHALL): the cache is cold, and the queue is gone.',
  params: z.strictObject({ service: redisService }),
  example: { service: 'redis' },
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'nothing: the cache fills again, and owed jobs are queued again from the outbox',
  passes: 'the cache fills again, and nobody knows what it held',
  observers: () => [KEYS, MISSES],
  async inject({ params, topology, random, undo }) {
    const hit = await topology.resolve({ service: params.service }, random);
    // What was lost does not come back: that Redis answers is all that is to be seen to.
    await undo({ do: 'command', command: { redis: ['PING'] } });
    await topology.act({ redis: ['FLUSHALL'] });
    return hit.map((container) => container.name);
  },
  prove: (record) => proveLoss(record),
});

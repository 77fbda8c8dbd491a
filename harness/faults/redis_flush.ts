import { z } from 'zod';
import { proveLoss } from '../kit/evidence/redis-loss.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { KEYS, MISSES, redisService } from '../kit/evidence/redis.ts';

export default defineFault({
  name: 'redis_flush',
  summary: 'Empties Redis at once (FLUSHALL): the cache is cold, and the queue is gone.',
  params: z.strictObject({ service: redisService }),
  example: { service: 'redis' },
  requires: ['redis'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'nothing: the cache fills again, and the outbox queues unfinished jobs again',
  passes: 'the cache fills again, and nobody knows which keys it had',
  observers: () => [KEYS, MISSES],
  async inject({ params, topology, random, undo }) {
    const hit = await topology.containers.resolve({ service: params.service }, random);
    // The lost data does not come back: the undo only makes sure that Redis answers.
    await undo({ do: 'command', command: { redis: ['PING'] } });
    await topology.act({ redis: ['FLUSHALL'] });
    return hit.map((container) => container.name);
  },
  prove: (record) => proveLoss(record),
});

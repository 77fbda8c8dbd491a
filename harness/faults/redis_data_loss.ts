import { z } from 'zod';
import { statesDuring } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { KEYS, MISSES, redisService } from '../kit/evidence/redis.ts';
import { changeState } from '../kit/acts/state.ts';
import { proveLoss } from '../kit/evidence/redis-loss.ts';

export default defineFault({
  name: 'redis_data_loss',
  summary: 'Deletes the files of Redis and crashes it: it comes back at once, and empty.',
  params: z.strictObject({ service: redisService }),
  example: { service: 'redis' },
  requires: ['redis'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'start the container if its restart policy has not; the lost data does not come back',
  passes: 'Redis is back at once, and nobody knows which keys it had',
  observers: () => [KEYS, MISSES],
  async inject(ctx) {
    const { params, topology, random, hold } = ctx;
    const hit = await topology.containers.resolve({ service: params.service }, random);
    const folder = (await topology.ask({ redis: ['CONFIG', 'GET', 'dir'] })).split('\n')[1] ?? '';
    for (const { name } of hit) {
      // If Redis still runs without its files, it writes them again.
      const back = 'until redis-cli PING; do sleep 0.2; done; redis-cli BGREWRITEAOF';
      await hold({
        place: name,
        what: `files in ${folder}`,
        value: 'none',
        before: () => [{ do: 'command', command: { in: name, run: ['sh', '-c', back] } }],
        set: () => topology.act({ in: name, run: ['find', folder, '-mindepth', '1', '-delete'] }),
      });
    }
    return changeState(ctx, hit, {
      back: 'start-container',
      value: undefined,
      act: (container) => topology.containers.crash(container),
    });
  },
  prove(record) {
    const states = statesDuring(record);
    const ended = states.filter((s) => s.finishedAt >= record.injecting - 1).length;
    const loss = proveLoss(record);
    if (record.injected !== undefined && states.length === 0) {
      return { effective: 'inconclusive', evidence: 'the state of the target was never read' };
    }
    const end = `${ended} of ${states.length} readings show that the process ended after the fault began`;
    const evidence = `${end}; ${loss.evidence}`;
    return { effective: ended === 0 && loss.effective === 'effective' ? 'not effective' : loss.effective, evidence };
  },
});

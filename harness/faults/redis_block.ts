import { z } from 'zod';
import { containerObservers } from '../core/evidence/containers.ts';
import { median, roundTrips, shown, split, tally, tooLittle, usedBefore } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { redisService } from '../core/evidence/redis.ts';
import { duration } from '../core/schema.ts';

/** The consumer's questions come every 250 ms and wait 1 s for their answer: less would slip through. */
const SHORTEST_MS = 500;
/** The undo waits for the end of the last block, and a command of ours at most 5 s. */
const LONGEST_MS = 4_000;

export default defineFault({
  name: 'redis_block',
  summary: 'Lets Redis answer nobody for a while, again and again, as a slow command does.',
  params: z
    .strictObject({
      service: redisService,
      block: duration.refine((ms) => ms >= SHORTEST_MS && ms <= LONGEST_MS, {
        error: `write ${SHORTEST_MS}ms at least and ${LONGEST_MS / 1_000}s at most`,
      }),
      every: duration.meta({ description: 'From the beginning of one to the beginning of the next' }),
    })
    .refine(({ block, every }) => every > block, { path: ['every'], error: 'write more than block' }),
  example: { block: '1s', every: '2s' },
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'wait for the end of the last block, which comes by itself',
  passes: 'a block is over after seconds, and what repeats it dies with the run',
  observers: ({ service }, spec) => containerObservers(spec, { service }),
  async inject({ params, topology, clock, random, undo, meanwhile }) {
    const hit = await topology.resolve({ service: params.service }, random);
    await undo({ do: 'command', command: { redis: ['CLIENT', 'UNPAUSE'] } });
    const block = (): Promise<string> =>
      topology.act({ redis: ['CLIENT', 'PAUSE', String(Math.round(params.block)), 'ALL'] });
    await block();
    meanwhile(async (signal) => {
      for (;;) {
        await clock.sleep(params.every, signal);
        await block();
      }
    });
    return hit.map((container) => container.name);
  },
  prove(record, { block }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(roundTrips(seen.before)) ?? 0;
    const late = seen.during.filter((o) => o.error === 'answer-timeout').length;
    const longest = Math.max(0, ...roundTrips(seen.during));
    const evidence =
      `a PING took ${before.toFixed(1)} ms before (median); during, the longest answer took ${longest.toFixed(0)} ms ` +
      `and ${late} of ${seen.during.length} did not come within a second (${tally(seen.during)})`;
    return shown(late > 0 || longest >= block / 2, evidence);
  },
});

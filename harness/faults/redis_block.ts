import { z } from 'zod';
import { containerObservers } from '../kit/evidence/containers.ts';
import { median } from '../core/stats.ts';
import { roundTrips, shown, split, tally, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { redisService } from '../kit/evidence/redis.ts';
import { duration } from '../kit/schema.ts';

/** Milliseconds. The observer asks every 250 ms and waits 1 s for an answer: a shorter block could pass unseen. */
const SHORTEST_MS = 500;
/** Milliseconds. The undo waits for the end of the last block, and our commands wait at most 5 s. */
const LONGEST_MS = 4_000;
/** Milliseconds between a block and the question that shows it. */
const SLACK_MS = 1_000;

export default defineFault({
  name: 'redis_block',
  summary: 'Keeps Redis from answering anybody for a while, again and again, as a slow command does.',
  params: z
    .strictObject({
      service: redisService,
      block: duration.refine((ms) => ms >= SHORTEST_MS && ms <= LONGEST_MS, {
        error: `write ${SHORTEST_MS}ms at least and ${LONGEST_MS / 1_000}s at most`,
      }),
      every: duration.meta({ description: 'From the beginning of one block to the beginning of the next' }),
    })
    .refine(({ block, every }) => every > block, { path: ['every'], error: 'write more than block' }),
  example: { block: '1s', every: '2s' },
  requires: ['redis'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'wait for the last block, which ends by itself',
  passes: 'a block ends after seconds, and the loop that repeats it dies with the run',
  observers: ({ service }, spec) => containerObservers(spec, { service }),
  async inject({ params, topology, clock, random, hold, meanwhile }) {
    const hit = await topology.containers.resolve({ service: params.service }, random);
    const block = (): Promise<string> =>
      topology.act({ redis: ['CLIENT', 'PAUSE', String(Math.round(params.block)), 'ALL'] });
    await hold({
      place: 'Redis',
      what: 'answers',
      value: `none for ${params.block} ms`,
      before: () => [{ do: 'command', command: { redis: ['CLIENT', 'UNPAUSE'] } }],
      set: block,
    });
    meanwhile(async (signal) => {
      for (;;) {
        await clock.sleep(params.every, signal);
        await block();
      }
    });
    return hit.map((container) => container.name);
  },
  prove(record, { block, every }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(roundTrips(seen.before)) ?? 0;
    const late = seen.during.filter((o) => o.error === 'answer-timeout').length;
    const longest = Math.max(0, ...roundTrips(seen.during));
    const blocked = seen.during.filter(({ error, rtt = 0 }) => error === 'answer-timeout' || rtt >= block / 2);
    const marks = [seen.during[0], ...blocked, seen.during.at(-1)].map((one) => one?.t ?? 0);
    const quiet = Math.max(...marks.slice(1).map((t, i) => t - (marks[i] ?? t)));
    const evidence =
      `a PING took ${before.toFixed(1)} ms before the fault (median); during it the slowest answer took ` +
      `${longest.toFixed(0)} ms, and ${late} of ${seen.during.length} answers did not come within a second; ` +
      `the longest time without a late answer was ${(quiet / 1_000).toFixed(1)} s (${tally(seen.during)})`;
    // When answers are no longer late, the blocks have stopped.
    return shown(blocked.length > 0 && quiet <= 2 * every + SLACK_MS, evidence);
  },
});

import { z } from 'zod';
import { containerName } from '../core/topology/aim.ts';
import { shown, soundBefore, split, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { redisService } from '../kit/evidence/redis.ts';

const OLDEST = 'age of the oldest connection to Redis, seconds';
const AGES = `redis-cli CLIENT LIST TYPE normal | sed -n 's/.* age=\\([0-9]*\\) .*/\\1/p' | sort -n | tail -1`;

export default defineFault({
  name: 'redis_client_kill',
  summary: 'Ends every connection of clients to Redis at once (CLIENT KILL): they have to connect again.',
  params: z.strictObject({ service: redisService }),
  example: { service: 'redis' },
  requires: ['redis'],
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'nothing: clients connect again by themselves',
  passes: 'connections are opened again at once',
  observers: ({ service }, spec) => [
    { id: OLDEST, command: { in: containerName(spec, service, 1), run: ['sh', '-c', AGES] }, everyMs: 1_000 },
  ],
  async inject({ params, topology, random, undo }) {
    const hit = await topology.containers.resolve({ service: params.service }, random);
    // Nothing is left behind: the undo only makes sure that Redis answers.
    await undo({ do: 'command', command: { redis: ['PING'] } });
    await topology.act({ redis: ['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'] });
    return hit.map((container) => container.name);
  },
  prove(record) {
    const seen = split(record, OLDEST);
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = valuesOf(seen.before).at(-1) ?? 0;
    // A connection from before the kill would be older than the kill.
    const ages = seen.during.flatMap((o) =>
      o.value === undefined ? [] : [{ age: o.value, since: (o.t + (o.rtt ?? 0) - record.injecting) / 1_000 }],
    );
    const old = ages.filter(({ age, since }) => age > since + 1).length;
    const first = ages.at(0);
    const evidence =
      `the oldest connection was ${before} s old before the fault; ` +
      `${old} of ${ages.length} readings during it found a connection from before the fault` +
      (first === undefined
        ? ''
        : ` (first reading: ${first.age} s old, ${first.since.toFixed(1)} s after the fault began)`);
    if (ages.length === 0) return { effective: 'inconclusive', evidence: 'no connection was seen during the fault' };
    // A client that opens new connections all the time has lost nothing.
    return shown(before >= 2 && old === 0, evidence);
  },
});

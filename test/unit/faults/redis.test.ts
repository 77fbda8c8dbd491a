import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observation } from '../../../harness/core/observation.ts';
import redisBlock from '../../../harness/faults/redis_block.ts';
import redisClientKill from '../../../harness/faults/redis_client_kill.ts';
import redisDataLoss from '../../../harness/faults/redis_data_loss.ts';
import redisFlush from '../../../harness/faults/redis_flush.ts';
import redisMemory from '../../../harness/faults/redis_memory.ts';
import redisPersistenceFailure from '../../../harness/faults/redis_persistence_failure.ts';
import {
  answered,
  asked,
  failed,
  INJECTED,
  INJECTING,
  looks,
  observations,
  printed,
  proof,
  told,
} from '../../helpers/sample-fault.ts';
import { SPEC } from '../../helpers/topology.ts';

const REDIS = {
  ...SPEC,
  services: {
    ...SPEC.services,
    redis: { ...SPEC.services['haproxy']!, name: 'redis', port: 6379, consumer: 'toxiproxy' },
  },
};

/** Fills again at ten keys a second after it was emptied. */
const emptied = (t: number): number => (t < INJECTING ? 100 : (t - INJECTING) / 100);
const missed = (t: number): number => (t < INJECTING ? 7 : 7 + (t - INJECTING) / 50);

for (const fault of [redisFlush, redisDataLoss]) {
  describe(`the proof of ${fault.name}`, () => {
    const params = fault.params.parse(fault.example);
    const [keys = '', misses = ''] = asked(fault, params, REDIS);
    const prove = proof(fault, params, { states: looks({ finishedAt: INJECTED }) });

    it('effective when the keys fell at once, and were asked for in vain', () => {
      const { effective, evidence } = prove(told(keys, emptied), told(misses, missed));
      expect(effective, evidence).to.equal('effective');
      expect(evidence).to.include('100 keys before, 0 at the least after');
    });

    it('not effective when they are still there, nobody missed them, or there were none', () => {
      const full = told(keys, () => 100);
      expect(prove(full, told(misses, missed)).effective).to.equal('not effective');
      expect(
        prove(
          told(keys, emptied),
          told(misses, () => 7),
        ).effective,
      ).to.equal('not effective');
      const never = prove(
        told(keys, () => 0),
        told(misses, missed),
      );
      expect(never.effective).to.equal('not effective');
    });

    it('inconclusive without looks', () => {
      expect(prove().effective).to.equal('inconclusive');
      expect(prove(told(keys, emptied)).effective).to.equal('inconclusive');
    });
  });
}

describe('the proof of redis_data_loss', () => {
  const params = redisDataLoss.params.parse({});
  const [keys = '', misses = ''] = asked(redisDataLoss, params, REDIS);
  const seen = [told(keys, emptied), told(misses, missed)] as const;

  it('counts what was missed from the beginning of the new process', () => {
    const prove = proof(redisDataLoss, params, { states: looks({ finishedAt: INJECTED }) });
    const anew = told(misses, (t) => (t < INJECTING ? 1_400 : (t - INJECTING) / 50));
    const { effective, evidence } = prove(told(keys, emptied), anew);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('395 keys were asked for in vain since');
  });

  it('wants the end of its process besides', () => {
    const alive = proof(redisDataLoss, params, { states: looks({ finishedAt: INJECTING - 9_000 }) });
    expect(alive(...seen).effective).to.equal('not effective');
    expect(proof(redisDataLoss, params)(...seen).effective, 'nobody looked').to.equal('inconclusive');
  });
});

describe('the proof of redis_memory', () => {
  const params = redisMemory.params.parse(redisMemory.example);
  const [evicted = '', refused = ''] = asked(redisMemory, params, REDIS);
  const prove = proof(redisMemory, params);
  const none = (id: string): Observation[] => told(id, () => 3);

  it('effective when keys were evicted, or writes refused', () => {
    const { effective, evidence } = prove(told(evicted, missed), none(refused));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.match(/^39\d keys were evicted and 0 writes refused/);
    expect(prove(none(evicted), told(refused, missed)).effective).to.equal('effective');
  });

  it('does not take for its own what an earlier fault did', () => {
    // What lay between the first fault and this one is left out of the record.
    const sound = (o: Observation): boolean => o.t < 2_000 || o.t >= INJECTING;
    const others = told(evicted, (t) => (t < 2_000 ? 3 : 400)).filter(sound);
    expect(prove(others, none(refused)).effective).to.equal('not effective');
    const more = told(evicted, (t) => (t < 2_000 ? 3 : 400 + (t - INJECTING) / 50)).filter(sound);
    expect(prove(more, none(refused)).evidence).to.match(/^39\d keys were evicted/);
  });

  it('not effective when neither was', () => {
    expect(prove(none(evicted), none(refused)).effective).to.equal('not effective');
  });

  it('inconclusive without looks before and during', () => {
    expect(prove().effective).to.equal('inconclusive');
    const before = none(evicted).filter((o) => o.t < INJECTING);
    expect(prove(before, none(refused)).effective).to.equal('inconclusive');
    const unseen = proof(redisMemory, params, { injected: undefined });
    expect(unseen(told(evicted, missed), none(refused)).effective).to.equal('inconclusive');
  });
});

describe('the proof of redis_block', () => {
  const params = redisBlock.params.parse(redisBlock.example);
  const [ping = ''] = asked(redisBlock, params, REDIS);
  const prove = proof(redisBlock, params);

  it('asks from the consumer of Redis', () => {
    expect(ping).to.equal('toxiproxy -> chaos-redis-1:6379');
    expect(redisBlock.params.safeParse({ block: '2s', every: '1s' }).success).to.equal(false);
  });

  it('effective when an answer takes half a block, or does not come', () => {
    expect(prove(observations(answered, { ...answered, rtt: 640 }, ping)).effective).to.equal('effective');
    const { effective, evidence } = prove(observations(answered, failed('answer-timeout'), ping));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('71 of 71 did not come within a second');
  });

  it('not effective when answers come as before, or nobody uses Redis', () => {
    expect(prove(observations(answered, { ...answered, rtt: 90 }, ping)).effective).to.equal('not effective');
    const unused = { ...answered, established: 0 };
    expect(prove(observations(unused, failed('answer-timeout'), ping)).effective).to.equal('not effective');
  });

  it('inconclusive without looks, or without an answer before', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(failed('closed'), failed('answer-timeout'), ping)).effective).to.equal('inconclusive');
  });
});

describe('the proof of redis_client_kill', () => {
  const params = redisClientKill.params.parse({});
  const [oldest = ''] = asked(redisClientKill, params, REDIS);
  const prove = proof(redisClientKill, params);
  const age = (t: number): number => Math.floor(t / 1_000) + 60;

  it('effective when no connection is older than the kill', () => {
    const anew = told(oldest, (t) => (t < INJECTING ? age(t) : Math.floor((t - INJECTING) / 1_000)));
    const { effective, evidence } = prove(anew);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('69 s old before; 0 of 71 looks during found one from before');
  });

  it('effective all the same when a look that began before the kill was answered after it', () => {
    const anew = told(oldest, (t) => (t < INJECTING ? age(t) : Math.floor((t - INJECTING) / 1_000)));
    const late = anew.map((o) => (o.t === INJECTING - 250 ? { ...o, rtt: 300, value: 0 } : o));
    const { effective, evidence } = prove(late);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('69 s old before');
  });

  it('not effective when one lived on, or all were young anyway', () => {
    expect(prove(told(oldest, age)).effective).to.equal('not effective');
    expect(prove(told(oldest, () => 0)).effective).to.equal('not effective');
  });

  it('inconclusive without looks', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(printed(60), failed('CHAOS_COMMAND'), oldest)).effective).to.equal('inconclusive');
  });
});

describe('the proof of redis_persistence_failure', () => {
  const params = redisPersistenceFailure.params.parse({});
  const [refused = ''] = asked(redisPersistenceFailure, params, REDIS);
  const prove = proof(redisPersistenceFailure, params);

  it('effective when clients were refused, and only then', () => {
    expect(prove(told(refused, missed)).effective).to.equal('effective');
    expect(prove(told(refused, () => 7)).effective).to.equal('not effective');
    expect(prove().effective).to.equal('inconclusive');
  });
});

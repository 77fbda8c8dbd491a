import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observation } from '../../../harness/core/record/observation.ts';
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
} from '../../helpers/samples/fault.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';

/** The number of keys: Redis is emptied, and then fills again with ten keys a second. */
const emptied = (t: number): number => (t < INJECTING ? 100 : (t - INJECTING) / 100);
const missed = (t: number): number => (t < INJECTING ? 7 : 7 + (t - INJECTING) / 50);

for (const fault of [redisFlush, redisDataLoss]) {
  describe(`the proof of ${fault.name}`, () => {
    const params = fault.params.parse(fault.example);
    const [keys = '', misses = ''] = asked(fault, params, SPEC);
    const prove = proof(fault, params, { states: looks({ finishedAt: INJECTED }) });

    it('says effective when the number of keys falls at once and clients miss keys', () => {
      const { effective, evidence } = prove(told(keys, emptied), told(misses, missed));
      expect(effective, evidence).to.equal('effective');
      expect(evidence).to.include('100 keys before the fault, 0 keys at the lowest point since');
    });

    it('says not effective when the keys are still there, nobody misses them, or there were none', () => {
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

    it('says inconclusive without observations', () => {
      expect(prove().effective).to.equal('inconclusive');
      expect(prove(told(keys, emptied)).effective).to.equal('inconclusive');
    });
  });
}

describe('the proof of redis_data_loss', () => {
  const params = redisDataLoss.params.parse({});
  const [keys = '', misses = ''] = asked(redisDataLoss, params, SPEC);
  const seen = [told(keys, emptied), told(misses, missed)] as const;

  it('counts missed keys from the beginning of the new process', () => {
    const prove = proof(redisDataLoss, params, { states: looks({ finishedAt: INJECTED }) });
    const anew = told(misses, (t) => (t < INJECTING ? 1_400 : (t - INJECTING) / 50));
    const { effective, evidence } = prove(told(keys, emptied), anew);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('clients asked for missing keys 395 times since');
  });

  it('also needs the end of the old process', () => {
    const alive = proof(redisDataLoss, params, { states: looks({ finishedAt: INJECTING - 9_000 }) });
    expect(alive(...seen).effective).to.equal('not effective');
    expect(proof(redisDataLoss, params)(...seen).effective, 'nobody looked').to.equal('inconclusive');
  });
});

describe('the proof of redis_memory', () => {
  const params = redisMemory.params.parse(redisMemory.example);
  const [evicted = '', refused = ''] = asked(redisMemory, params, SPEC);
  const prove = proof(redisMemory, params);
  const none = (id: string): Observation[] => told(id, () => 3);

  it('says effective when keys were evicted or writes refused', () => {
    const { effective, evidence } = prove(told(evicted, missed), none(refused));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.match(/^39\d keys were evicted and 0 writes refused/);
    expect(prove(none(evicted), told(refused, missed)).effective).to.equal('effective');
  });

  it('does not count what an earlier fault did', () => {
    // The record leaves out the time between the first fault and this fault.
    const sound = (o: Observation): boolean => o.t < 2_000 || o.t >= INJECTING;
    const others = told(evicted, (t) => (t < 2_000 ? 3 : 400)).filter(sound);
    expect(prove(others, none(refused)).effective).to.equal('not effective');
    const more = told(evicted, (t) => (t < 2_000 ? 3 : 400 + (t - INJECTING) / 50)).filter(sound);
    expect(prove(more, none(refused)).evidence).to.match(/^39\d keys were evicted/);
  });

  it('says not effective when no keys were evicted and no writes refused', () => {
    expect(prove(none(evicted), none(refused)).effective).to.equal('not effective');
  });

  it('says inconclusive without observations before and during the fault', () => {
    expect(prove().effective).to.equal('inconclusive');
    const before = none(evicted).filter((o) => o.t < INJECTING);
    expect(prove(before, none(refused)).effective).to.equal('inconclusive');
    const unseen = proof(redisMemory, params, { injected: undefined });
    expect(unseen(told(evicted, missed), none(refused)).effective).to.equal('inconclusive');
  });
});

describe('the proof of redis_block', () => {
  const params = redisBlock.params.parse(redisBlock.example);
  const [ping = ''] = asked(redisBlock, params, SPEC);
  const prove = proof(redisBlock, params);

  it('observes from the consumer of Redis, and the fault refuses a block that is longer than its interval', () => {
    expect(ping).to.equal('toxiproxy -> chaos-redis-1:6379');
    expect(redisBlock.params.safeParse({ block: '2s', every: '1s' }).success).to.equal(false);
  });

  it('says effective when an answer takes half a block or does not come', () => {
    expect(prove(observations(answered, { ...answered, rtt: 640 }, ping)).effective).to.equal('effective');
    const { effective, evidence } = prove(observations(answered, failed('answer-timeout'), ping));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('71 of 71 answers did not come within a second');
  });

  it('says not effective when one answer was late, and none after it: the blocks have stopped', () => {
    const late = (t: number) => ({ ...answered, rtt: t > INJECTED + 1_000 && t < INJECTED + 1_500 ? 640 : 90 });
    const { effective, evidence } = prove(observations(answered, late, ping));
    expect(effective, evidence).to.equal('not effective');
    expect(evidence).to.match(/the longest time without a late answer was 1\d\.\d s/);
  });

  it('says not effective when answers come as before, or nobody uses Redis', () => {
    expect(prove(observations(answered, { ...answered, rtt: 90 }, ping)).effective).to.equal('not effective');
    const unused = { ...answered, established: 0 };
    expect(prove(observations(unused, failed('answer-timeout'), ping)).effective).to.equal('not effective');
  });

  it('says inconclusive without observations, or without an answer before', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(failed('closed'), failed('answer-timeout'), ping)).effective).to.equal('inconclusive');
  });
});

describe('the proof of redis_client_kill', () => {
  const params = redisClientKill.params.parse({});
  const [oldest = ''] = asked(redisClientKill, params, SPEC);
  const prove = proof(redisClientKill, params);
  const age = (t: number): number => Math.floor(t / 1_000) + 60;

  it('says effective when no connection is older than the kill', () => {
    const anew = told(oldest, (t) => (t < INJECTING ? age(t) : Math.floor((t - INJECTING) / 1_000)));
    const { effective, evidence } = prove(anew);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('69 s old before the fault; 0 of 71 readings during it found a connection from before');
  });

  it('says effective also when an observation began before the kill and was answered after it', () => {
    const anew = told(oldest, (t) => (t < INJECTING ? age(t) : Math.floor((t - INJECTING) / 1_000)));
    const late = anew.map((o) => (o.t === INJECTING - 250 ? { ...o, rtt: 300, value: 0 } : o));
    const { effective, evidence } = prove(late);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('69 s old before');
  });

  it('says not effective when a connection lives on, or all connections were young before', () => {
    expect(prove(told(oldest, age)).effective).to.equal('not effective');
    expect(prove(told(oldest, () => 0)).effective).to.equal('not effective');
  });

  it('says inconclusive without observations', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(printed(60), failed('CHAOS_COMMAND'), oldest)).effective).to.equal('inconclusive');
  });
});

describe('the proof of redis_persistence_failure', () => {
  const params = redisPersistenceFailure.params.parse({});
  const [refused = ''] = asked(redisPersistenceFailure, params, SPEC);
  const prove = proof(redisPersistenceFailure, params);

  it('says effective when clients were refused, and only then', () => {
    expect(prove(told(refused, missed)).effective).to.equal('effective');
    expect(prove(told(refused, () => 7)).effective).to.equal('not effective');
    expect(prove().effective).to.equal('inconclusive');
  });
});

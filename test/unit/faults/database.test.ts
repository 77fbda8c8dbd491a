import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Evidence } from '../../../harness/core/kinds/fault.ts';
import type { Observation } from '../../../harness/core/record/observation.ts';
import connectionExhaustion from '../../../harness/faults/connection_exhaustion.ts';
import failover from '../../../harness/faults/failover.ts';
import longTransaction from '../../../harness/faults/long_transaction.ts';
import replicationLag from '../../../harness/faults/replication_lag.ts';
import replicationPause from '../../../harness/faults/replication_pause.ts';
import rowLock from '../../../harness/faults/row_lock.ts';
import slowQueries from '../../../harness/faults/slow_queries.ts';
import switchover from '../../../harness/faults/switchover.ts';
import tableLock from '../../../harness/faults/table_lock.ts';
import {
  asked,
  failed,
  faultRecord,
  INJECTED,
  INJECTING,
  looks,
  observations,
  printed,
  proof,
  told,
} from '../../helpers/samples/fault.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';
import { Overlapping } from '../../helpers/overlap.ts';

const LOCK_TIMEOUT = failed('canceling statement due to lock timeout');

describe('the proof of table_lock', () => {
  const params = tableLock.params.parse(tableLock.example);
  const [statement = '', waiting = ''] = asked(tableLock, params, SPEC);
  const prove = proof(tableLock, params);

  it('says effective when a statement waits in vain and statements of consumers wait too', () => {
    const { effective, evidence } = prove(
      observations(printed(1), LOCK_TIMEOUT, statement),
      observations(printed(0), printed(3), waiting),
    );
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('timed out waiting for the lock: 71 of 71').and.to.include('at most 3 statements');
  });

  it('says not effective when statements get through, or nobody else uses the table', () => {
    const free = observations(printed(1), printed(1), statement);
    expect(prove(free, observations(printed(0), printed(3), waiting)).effective).to.equal('not effective');
    const held = observations(printed(1), LOCK_TIMEOUT, statement);
    expect(prove(held, observations(printed(0), printed(0), waiting)).effective).to.equal('not effective');
    const down = observations(printed(1), failed('ECONNREFUSED'), statement);
    expect(prove(down, observations(printed(0), printed(3), waiting)).effective, 'another error').to.equal(
      'not effective',
    );
  });

  it('says inconclusive without observations, or when the table was locked before', () => {
    expect(prove().effective).to.equal('inconclusive');
    const before = observations(LOCK_TIMEOUT, LOCK_TIMEOUT, statement);
    expect(prove(before, observations(printed(3), printed(3), waiting)).effective).to.equal('inconclusive');
  });

  it('observes with a writer when the lock has a weaker mode, and the fault allows only a name as its table', () => {
    const [writer] = tableLock.observers(tableLock.params.parse({ table: 'weddings', mode: 'share' }), SPEC);
    expect(JSON.stringify(writer)).to.include('row exclusive mode');
    expect(tableLock.params.safeParse({ table: 'weddings; drop table weddings' }).success).to.equal(false);
  });
});

describe('the proof of row_lock', () => {
  const params = rowLock.params.parse(rowLock.example);
  const [free = '', waiting = ''] = asked(rowLock, params, SPEC);
  const prove = proof(rowLock, params);
  const waits = observations(printed(0), printed(2), waiting);

  it('says effective when no observed row is free and consumers wait', () => {
    const { effective, evidence } = prove(observations(printed(10), printed(0), free), waits);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('0 of 10 checked rows were free');
  });

  it('says not effective when rows are free, or nobody waits', () => {
    expect(prove(observations(printed(10), printed(10), free), waits).effective).to.equal('not effective');
    expect(prove(observations(printed(10), printed(0), free)).effective, 'nobody waits').to.equal('not effective');
  });

  it('says inconclusive without observations, for an empty table, or without an answer', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(printed(0), printed(0), free), waits).effective).to.equal('inconclusive');
    expect(prove(observations(printed(10), failed('ECONNREFUSED'), free), waits).effective).to.equal('inconclusive');
  });
});

describe('the proof of connection_exhaustion', () => {
  const all = connectionExhaustion.params.parse({ percent: 100 });
  const [inUse = ''] = asked(connectionExhaustion, all, SPEC);
  const prove = proof(connectionExhaustion, all);
  const refused = failed('remaining connection slots are reserved for non-replication superuser connections');

  it('says effective when new connections are refused because no slot is free', () => {
    const { effective, evidence } = prove(observations(printed(27), refused, inUse));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('refused: 71 of 71').and.to.include('in use before the fault: 27 %');
    expect(prove(observations(printed(27), failed('sorry, too many clients already'), inUse)).effective).to.equal(
      'effective',
    );
  });

  it('says not effective when new connections are made, or fail for another reason', () => {
    expect(prove(observations(printed(27), printed(27), inUse)).effective).to.equal('not effective');
    expect(prove(observations(printed(27), failed('ECONNREFUSED'), inUse)).effective).to.equal('not effective');
  });

  it('judges a share of the slots by the slots in use', () => {
    const half = proof(connectionExhaustion, connectionExhaustion.params.parse({ percent: 50 }));
    expect(half(observations(printed(27), printed(49), inUse)).effective).to.equal('effective');
    expect(half(observations(printed(27), printed(30), inUse)).effective).to.equal('not effective');
    expect(half(observations(printed(60), printed(60), inUse)).effective, 'so many before').to.equal('not effective');
    expect(half(observations(printed(27), refused, inUse)).effective).to.equal('inconclusive');
  });

  it('says inconclusive without observations, or when no connection was made before', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(refused, refused, inUse)).effective).to.equal('inconclusive');
  });
});

describe('the proof of long_transaction', () => {
  const params = longTransaction.params.parse(longTransaction.example);
  const [age = '', held = ''] = asked(longTransaction, params, SPEC);
  const prove = proof(longTransaction, params);
  const open = told(age, (t) => (t < INJECTED ? 0 : (t - INJECTED) / 1_000));
  const piling = told(held, (t) => (t < INJECTED ? 1 : 1 + (t - INJECTED) / 200));

  it('says effective when the transaction ages with the clock, and what it holds back grows with the writes', () => {
    const { effective, evidence } = prove(open, piling);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.match(/18\.\d s old after 18\.\d s in force; vacuum may not clean up after \d\d/);
  });

  it('says not effective when there is no long transaction, or nobody writes', () => {
    expect(prove(observations(printed(0), printed(0.1), age), piling).effective).to.equal('not effective');
    expect(prove(open, observations(printed(1), printed(2), held)).effective).to.equal('not effective');
  });

  it('says inconclusive without observations', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(open).effective).to.equal('inconclusive');
  });
});

describe('the fault slow_queries', () => {
  const slow = slowQueries.bind(slowQueries.params.parse({ table: 'weddings', delay: '200ms' }));
  const faster = slowQueries.bind(slowQueries.params.parse({ table: 'weddings', delay: '100ms' }));

  for (const [enabled, forced] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    it(`gives a table its row level security back: ${enabled ? 'enabled' : 'disabled'}${forced ? ', forced' : ''}`, async () => {
      for (const [first, second] of [
        [0, 1],
        [1, 0],
      ]) {
        const run = new Overlapping();
        const weddings = run.topology.world.tables['weddings']!;
        Object.assign(weddings, { rowSecurity: enabled, forced, policies: { tenants: 'vendor_id = 7' } });
        const before = structuredClone(weddings);
        const heals = [await run.inForce(slow, 'slow_queries-1'), await run.inForce(faster, 'slow_queries-2')];
        const { tenants, chaos_slow_queries: delay, ...more } = weddings.policies;
        expect([tenants, more], 'the policies of others').to.deep.equal(['vendor_id = 7', {}]);
        // A permissive policy would show every row to everybody.
        expect(delay?.endsWith(' as restrictive')).to.equal(enabled);
        await heals[first!]!();
        expect(weddings.policies['chaos_slow_queries']).to.include(first === 0 ? '0.1' : '0.2');
        await heals[second!]!();
        expect(weddings).to.deep.equal(before);
      }
    });
  }
});

describe('the proof of slow_queries', () => {
  const params = slowQueries.params.parse({ table: 'weddings', delay: '200ms' });
  const [query = '', ...nodes] = asked(slowQueries, params, SPEC);
  const prove = proof(slowQueries, params);
  const slow = observations({ ...printed(1), rtt: 8 }, { ...printed(1), rtt: 210 }, query);
  /** How often the table was used, the observers' own queries included. */
  const used = nodes.map((node) => told(node, (t) => Math.floor(t / 100)));

  it('observes on every node how often the table is used', () => {
    expect(nodes).to.deep.equal([
      'scans and changes of weddings on chaos-postgres-a-1',
      'scans and changes of weddings on chaos-postgres-b-1',
    ]);
  });

  it('says effective when a query of a table in use takes longer by the delay', () => {
    const { effective, evidence } = prove(slow, ...used);
    expect(effective, evidence).to.equal('effective');
    expect(evidence)
      .to.include('took 8 ms before the fault, 210 ms during it')
      .and.to.include('202 ms added, 200 ms asked');
  });

  it('says not effective when the query is as fast as before, or only the observers use the table', () => {
    const fast = observations({ ...printed(1), rtt: 8 }, { ...printed(1), rtt: 9 }, query);
    expect(prove(fast, ...used).effective).to.equal('not effective');
    expect(prove(slow, ...nodes.map((node) => told(node, () => 400))).effective).to.equal('not effective');
  });

  it('says inconclusive without observations, or without an answer', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(printed(1), failed('timeout'), query), ...used).effective).to.equal('inconclusive');
  });
});

describe('the proofs of replication_pause and replication_lag', () => {
  const [written = '', replayed = ''] = asked(replicationPause, replicationPause.params.parse({}), SPEC);
  const pause = proof(replicationPause, replicationPause.params.parse({}));
  const lag = proof(replicationLag, replicationLag.params.parse({ delay: '3s' }));
  const log = told(written, (t) => t * 10);
  const inStep = told(replayed, (t) => t * 10 - 500);
  const still = told(replayed, (t) => Math.min(t, INJECTED) * 10);
  const late = told(replayed, (t) => (t < INJECTED ? t : Math.max(INJECTED, t - 3_000)) * 10);

  it('say effective for a pause when replay stands still while the log grows', () => {
    const { effective, evidence } = pause(log, still);
    expect(effective, evidence).to.equal('effective');
    expect(pause(log, inStep).effective).to.equal('not effective');
    expect(pause(log, late).effective, 'merely late').to.equal('not effective');
    expect(
      pause(
        told(written, () => 5_000),
        told(replayed, () => 5_000),
      ).effective,
      'nobody writes',
    ).to.equal('not effective');
    expect(pause().effective).to.equal('inconclusive');
    expect(pause(log, observations(printed(1), failed('not a number'), replayed)).effective).to.equal('inconclusive');
  });

  it('say effective for a lag when replayed writes are as old as the delay', () => {
    const { effective, evidence } = lag(log, late);
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('0.0 s behind before the fault, 3.0 s during it');
    expect(lag(log, inStep).effective).to.equal('not effective');
    expect(
      lag(
        told(written, () => 5_000),
        told(replayed, () => 5_000),
      ).effective,
      'nobody writes',
    ).to.equal('not effective');
    expect(lag().effective).to.equal('inconclusive');
    const longer = proof(replicationLag, replicationLag.params.parse({ delay: '1m' }));
    expect(longer(log, late).effective, 'shorter than its delay').to.equal('inconclusive');
  });
});

/** The addresses of the node that was hit and of the other node, as the observer reads them through the router. */
const HIT_NODE = 172 * 2 ** 24 + 30 * 2 ** 16 + 77 * 2 ** 8 + 5;
const OTHER_NODE = HIT_NODE + 1;

for (const [fault, from, to] of [
  [switchover, HIT_NODE, OTHER_NODE],
  [failover, OTHER_NODE, HIT_NODE],
] as const) {
  describe(`the proof of ${fault.name}`, () => {
    const params = fault.params.parse(fault.example);
    const [primary = ''] = asked(fault, params, SPEC);
    const prove = (seen: readonly Observation[], states = looks({})): Evidence =>
      fault.bind(params).prove(faultRecord({ observations: seen, states }));
    const changed = told(primary, (t) => (t < INJECTING + 3_000 ? from : to)).filter(
      (o) => o.t < INJECTING || o.t > INJECTING + 2_000,
    );

    it('says effective when the roles are as wanted at the end, whatever they were before', () => {
      const { effective, evidence } = prove(changed);
      expect(effective, evidence).to.equal('effective');
      expect(evidence).to.include(`${fault === failover ? 3 : 0} of the last 3 answers`);
      const later = changed.map((o) => (o.t < INJECTING ? { ...o, value: to } : o));
      expect(prove(later).effective).to.equal('effective');
    });

    it('says not effective when the roles are the same, or the same again', () => {
      expect(prove(observations(printed(from), printed(from), primary)).effective).to.equal('not effective');
      const back = told(primary, (t) => (t > INJECTING + 2_000 && t < 25_000 ? to : from));
      expect(prove(back).effective).to.equal('not effective');
    });

    it('says inconclusive without observations, or when no primary is seen', () => {
      expect(prove([]).effective).to.equal('inconclusive');
      expect(prove(changed, []).effective).to.equal('inconclusive');
      expect(prove(observations(printed(from), failed('ECONNREFUSED'), primary)).effective).to.equal('inconclusive');
    });
  });
}

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { withNames } from '../../evidence/pools/inside.ts';
import type { Measured } from '../../evidence/pools/measure.ts';
import { messageOf, poolTables } from '../../evidence/pools/table.ts';
import { REFUSED, WAYS } from '../../evidence/pools/ways.ts';

const one: Measured = {
  way: 'shared-3',
  statements: 60,
  failures: 0,
  failure: null,
  statementTimeout: '900ms',
  toPrimary: 3,
  toStandby: 2,
  seen: 'wedsync-primary from haproxy',
  sessions: 40,
  p50: 4.21,
  p95: 20.04,
  offered: 4000,
  failed: 1,
  verdict: 'PASS',
  outage: 5.34,
  writes: '0 of 2900 lost',
};

describe('the comparison of ways to make pools add up', () => {
  it('has each way once, PgBouncer by a second compose file', () => {
    expect(new Set([...WAYS, REFUSED].map(({ name }) => name)).size).to.equal(WAYS.length + 1);
    for (const { name, files, replicas, env } of WAYS) {
      expect(files.length, name).to.equal(/^(?:transaction|session)-/.test(name) ? 2 : 1);
      expect(env['CHAOS_APP_REPLICAS']).to.equal(String(replicas));
    }
  });

  it('shows what was measured, in the order of the ways, and leaves out what was not', () => {
    const { outage: _, ...without } = { ...one, way: 'transaction-3', failures: 12, failure: 'exists already' };
    const text = poolTables([without, one], 'postgres takes 200 connections');
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| way'));
    expect(rows.filter((line) => !line.startsWith('| ---'))).to.deep.equal([
      '| pools by replica count | 3 | 4.2 / 20.0 | 1 of 4000 | 40 | 5.3 | 0 of 2900 lost |',
      '| PgBouncer, transaction mode | 3 | 4.2 / 20.0 | 1 of 4000 | 40 | not over | 0 of 2900 lost |',
      '| pools by replica count | 3 | work | 900ms | `wedsync-primary from haproxy` | 3 and 2 |',
      '| PgBouncer, transaction mode | 3 | 12 of 60 failed: exists already | 900ms | `wedsync-primary from haproxy` | 3 and 2 |',
    ]);
    expect(text).to.include('refuses them: postgres takes 200 connections');
  });

  it('takes the sentence out of an error, and gives addresses their names', () => {
    const stderr =
      'bringing the topology up ...\nerror CHAOS_CONNECTIONS: postgres takes 200 connections\n  Make them smaller.';
    expect(messageOf(stderr)).to.equal('postgres takes 200 connections');
    expect(withNames('wedsync-primary from 172.30.1.5', [['haproxy', '172.30.1.5']])).to.equal(
      'wedsync-primary from haproxy',
    );
  });
});

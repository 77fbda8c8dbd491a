import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { AuditFinding, EventOf, RunEvent } from '../../../../harness/core/record/events.ts';
import type { Workload, WriteRecord } from '../../../../harness/core/load/load.ts';
import { auditWrites } from '../../../../harness/run/look-back/write-audit.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';

const ENDPOINT = 'PUT /api/timeline/update';
const WORKLOAD: Workload = {
  name: 'w',
  file: 'w.yaml',
  scenarios: [
    {
      name: 's',
      weight: 1,
      endpoints: [
        {
          name: 'GET /',
          method: 'GET',
          path: '/',
          kind: 'read',
          frequency: 1,
          query: {},
          body: undefined,
          expect: [],
          audit: undefined,
        },
        {
          name: ENDPOINT,
          method: 'PUT',
          path: '/api/timeline/update',
          kind: 'write',
          frequency: 1,
          query: {},
          body: '{"note":"{{token}}"}',
          expect: [],
          audit: { stored: 'stored $1', current: 'current $1', effect: 'effect $1' },
        },
      ],
    },
  ],
};

type Row = Readonly<Record<string, unknown>>;

/** A database in memory that answers the queries of the audit: it returns the rows with the keys that are asked for. */
class Database {
  readonly stored: Row[] = [];
  readonly current: Row[] = [];
  readonly effect: Row[] = [];
  readonly asked: string[] = [];

  query = (sql: string, params: readonly unknown[]): Promise<readonly Row[]> => {
    this.asked.push(sql);
    if (sql.startsWith('select host')) return Promise.resolve([{ address: '172.30.77.6' }]);
    const [table = '', by] = sql.startsWith('current') ? ['current', 'entity'] : [sql.split(' ')[0], 'key'];
    const wanted = new Set(params[0] as string[]);
    return Promise.resolve((this[table as 'stored'] ?? []).filter((row) => wanted.has(String(row[by]))));
  };

  /** Stores a write as the application does when it acknowledges the write. */
  store(write: WriteRecord): void {
    this.stored.push({ key: write.key, value: write.token });
    this.effect.push({ key: write.key, count: 1 });
    if (write.entity === undefined) return;
    const at = this.current.findIndex((row) => row['entity'] === write.entity);
    const row = { entity: write.entity, version: write.version, value: write.token };
    if (at < 0) this.current.push(row);
    else if (Number(this.current[at]?.['version']) < (write.version ?? 0)) this.current[at] = row;
  }
}

const write = (n: number, over: Partial<WriteRecord> = {}): WriteRecord => ({
  key: `run-${n}`,
  endpoint: ENDPOINT,
  token: `token-${n}`,
  source: 'open',
  outcome: 'acknowledged',
  sent: n,
  done: n + 1,
  ...over,
});

async function audit(
  db: Database,
  writes: readonly WriteRecord[],
): Promise<{ finding: AuditFinding | undefined; ended: EventOf<'audit.ended'> | undefined }> {
  const clock = new ManualClock();
  const events: RunEvent[] = [];
  await clock.through(auditWrites({ data: db, clock, emit: (event) => void events.push(event) }, WORKLOAD, writes));
  return {
    finding: events.find((e) => e.kind === 'audit')?.finding,
    ended: events.find((e) => e.kind === 'audit.ended'),
  };
}

const sound = { lost: 0, wrong_value: 0, overwritten: 0, effect_missing: 0, effect_repeated: 0, duplicated: 0 };

describe('the audit of acknowledged writes', () => {
  it('finds every acknowledged write, and names the primary on which it looked', async () => {
    const db = new Database();
    const writes = [write(1), write(2, { source: 'pressure' })];
    writes.forEach((w) => db.store(w));
    const { finding, ended } = await audit(db, writes);
    expect(finding).to.deep.equal({
      endpoint: ENDPOINT,
      acknowledged: 2,
      unknown: 0,
      ...sound,
      unknown_present: 0,
      examples: [],
    });
    expect(ended).to.include({ complete: true, primary: '172.30.77.6' });
  });

  it('finds lost, changed and repeated writes, and names them', async () => {
    const db = new Database();
    const writes = [write(1), write(2), write(3, { source: 'pressure' })];
    writes.forEach((w) => db.store(w));
    db.stored.splice(0, 1);
    db.stored[0] = { key: 'run-2', value: 'another' };
    db.stored.push({ key: 'run-3', value: 'token-3' });
    const { finding } = await audit(db, writes);
    expect(finding).to.deep.include({ ...sound, lost: 1, wrong_value: 1, duplicated: 1 });
    expect(finding?.examples).to.deep.equal(['lost run-1', 'wrong value at run-2', 'stored 2 times: run-3']);
  });

  it('lets a write without an answer be there or not, but not twice, and ignores a rejected write', async () => {
    const db = new Database();
    const writes = [
      write(1, { outcome: 'unknown' }),
      write(2, { outcome: 'unknown' }),
      write(3, { outcome: 'rejected' }),
    ];
    db.stored.push({ key: 'run-1', value: 'token-1' }, { key: 'run-1', value: 'token-1' });
    const { finding } = await audit(db, writes);
    expect(finding).to.deep.include({ acknowledged: 0, unknown: 2, unknown_present: 1, ...sound, duplicated: 1 });
  });

  it('lets an update be overwritten by a later version, and by nothing else', async () => {
    const newest = [write(1, { entity: 'e', version: 1 }), write(2, { entity: 'e', version: 2 })];
    const overwritten = async (current: Row | undefined, writes = newest): Promise<number | undefined> => {
      const db = new Database();
      writes.forEach((w) => db.store(w));
      db.current.splice(0, Infinity, ...(current === undefined ? [] : [{ entity: 'e', ...current }]));
      return (await audit(db, writes)).finding?.overwritten;
    };
    expect(await overwritten({ version: 2, value: 'token-2' })).to.equal(0);
    expect(await overwritten({ version: 3, value: 'of a write without an answer' })).to.equal(0);
    expect(await overwritten({ version: 1, value: 'token-1' }), 'an older one').to.equal(1);
    expect(await overwritten({ version: 2, value: 'of another' }), 'the same version of somebody else').to.equal(1);
    expect(await overwritten(undefined), 'nothing at all').to.equal(1);
    // Two writes received version 2 in their answers. So one of them was overwritten, whichever it is.
    const twins = [...newest, write(3, { entity: 'e', version: 2 })];
    expect(await overwritten({ version: 2, value: 'token-2' }, twins)).to.equal(1);
    expect(await overwritten({ version: 2, value: 'token-3' }, twins)).to.equal(1);
  });

  it('takes a job as late and not lost until its time is over, and counts a job that was done twice', async () => {
    const db = new Database();
    const writes = [write(1), write(2), write(3)];
    writes.forEach((w) => db.store(w));
    db.effect.splice(0, Infinity, { key: 'run-1', count: 2 });
    const query = db.query;
    let asked = 0;
    db.query = (sql, params) => {
      if (sql.startsWith('effect') && (asked += 1) === 10) db.effect.push({ key: 'run-2', count: '1' });
      return query(sql, params);
    };
    const { finding, ended } = await audit(db, writes);
    expect(finding).to.deep.include({ effect_missing: 1, effect_repeated: 1 });
    expect(finding?.examples).to.deep.equal(['no effect of run-3', 'done 2 times: run-1']);
    expect(ended?.ms).to.be.within(30_000, 31_000);
  });

  it('finds a job whose second effect comes while others are waited for (case V12)', async () => {
    const db = new Database();
    const writes = [write(1), write(2)];
    writes.forEach((w) => db.store(w));
    db.effect.splice(0, Infinity, { key: 'run-1', count: 1 });
    const query = db.query;
    let asked = 0;
    db.query = (sql, params) => {
      if (sql.startsWith('effect') && (asked += 1) === 5)
        db.effect.splice(0, Infinity, { key: 'run-1', count: 2 }, { key: 'run-2', count: 1 });
      return query(sql, params);
    };
    const { finding } = await audit(db, writes);
    expect(finding).to.deep.include({ ...sound, effect_repeated: 1, examples: ['done 2 times: run-1'] });
  });

  it('asks the database in batches', async () => {
    const db = new Database();
    const writes = Array.from({ length: 4_500 }, (_, n) => write(n));
    writes.forEach((w) => db.store(w));
    const { finding } = await audit(db, writes);
    expect(finding).to.deep.include({ acknowledged: 4_500, ...sound });
    expect(db.asked.filter((sql) => sql.startsWith('stored'))).to.have.lengthOf(3);
  });

  it('is incomplete when the database does not answer, and says why', async () => {
    const db = new Database();
    db.query = () => Promise.reject(new Error('the database system is in recovery mode'));
    const { finding, ended } = await audit(db, [write(1)]);
    expect(finding).to.equal(undefined);
    expect(ended).to.include({ complete: false, primary: '', problem: 'the database system is in recovery mode' });
  });

  it('finds nothing, and says so, when there was no write', async () => {
    expect((await audit(new Database(), [])).finding).to.deep.include({ acknowledged: 0, ...sound });
  });
});

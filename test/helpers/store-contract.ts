import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import { redactor } from '../../harness/core/text/redact.ts';
import type { ResultStore } from '../../harness/core/record/run.ts';
import { migrate, ownMigrations } from '../../harness/store/migrate.ts';
import { SqlResultStore } from '../../harness/store/result-store.ts';
import { TABLES } from '../../harness/store/rows.ts';
import type { Sql } from '../../harness/store/sql.ts';
import type { Describing } from './store-columns.ts';
import { notReadyRun, PLANTED_PASSWORD, sampleRun } from './samples/run.ts';

/** The text of the specification (WS-321, "Database Schema (Performance Monitoring)"). */
const SPECIFICATION = readFileSync(new URL('../fixtures/specification.sql', import.meta.url), 'utf8');

/** An open connection to an empty database. */
export interface OpenedStore extends AsyncDisposable {
  readonly sql: Sql;
  /** Opens another connection. Absent when the database serves only one. */
  another?(): Promise<Sql>;
  readonly describing: Describing;
}

/** The tests that every result store must pass, whichever database it uses. */
export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`the result store (${name})`, () => {
    let opened: OpenedStore;
    let store: ResultStore;
    const run = sampleRun();
    const id = run.document.run;
    const redact = redactor([PLANTED_PASSWORD]);
    const rows = (text: string, params: readonly unknown[] = []) => opened.sql.query(text, params);
    const count = async (table: string, of = id): Promise<number> =>
      Number((await rows(`SELECT count(*) AS n FROM ${table} WHERE run_id = $1`, [of]))[0]?.['n']);

    before(async function () {
      this.timeout(60_000);
      opened = await open();
      const others = await Promise.all(opened.another === undefined ? [] : [opened.another(), opened.another()]);
      await Promise.all([opened.sql, ...others].map((sql) => migrate(sql)));
      store = new SqlResultStore(opened.sql, redact);
      await Promise.all([store, ...others.map((sql) => new SqlResultStore(sql, redact))].map((s) => s.save(run)));
      for (const sql of others) await sql[Symbol.asyncDispose]();
    });

    after(async () => {
      await store[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    });

    it('has the five specified tables with exactly the specified columns, and a column run_id in each', async () => {
      const { columns, specified } = opened.describing;
      const asked = await specified(opened.sql, SPECIFICATION);
      expect([...asked.keys()]).to.have.members(TABLES);
      for (const [table, wanted] of asked) {
        expect(wanted[0], table).to.match(/^id uuid not null default /);
        expect(await columns(opened.sql, table), table).to.deep.equal([...wanted, 'run_id text not null']);
      }
    });

    it('is not changed by a second migration', async () => {
      await migrate(opened.sql);
      const own = ownMigrations(opened.sql.dialect);
      expect(own[0]?.name).to.match(/^001_/);
      expect(await rows('SELECT name FROM schema_migrations ORDER BY name')).to.deep.equal(
        own.map(({ name }) => ({ name })),
      );
    });

    it('refuses tables of a later version and does not change them', async () => {
      const problem = await migrate(opened.sql, []).catch((error: unknown) => error);
      expect(problem).to.include({ code: 'CHAOS_STORE_NEWER' });
      expect(await count('load_test_results')).to.equal(1);
    });

    it('applies a whole migration or nothing of it', async () => {
      const bad = { name: '999_bad', script: 'CREATE TABLE half (a int); SELECT no_such_function();' };
      await migrate(opened.sql, [...ownMigrations(opened.sql.dialect), bad]).catch(() => undefined);
      const found = await rows('SELECT 1 FROM half').catch(() => 'no such table');
      expect(found).to.equal('no such table');
    });

    it('keeps one load test for each run, with the figures of its open arrivals', async () => {
      const [row] = await rows(
        'SELECT *, CAST(total_requests AS INTEGER) AS total, CAST(p95_response_time_ms AS DOUBLE PRECISION) AS p95 FROM load_test_results WHERE run_id = $1',
        [id],
      );
      expect(row).to.include({
        test_name: 'postgres-primary-loss',
        test_type: 'load',
        // 150 requests a second, divided by the 0.1265 a second that one user of the four scenarios makes.
        virtual_users: 1_186,
        duration_seconds: 74,
        total: 11_100,
      });
      expect(row?.['p95']).to.be.within(20, 100);
    });

    it('keeps metrics by phase and endpoint, and SQL can select them', async () => {
      const found = await rows(
        `SELECT metadata->>'phase' AS phase, CAST(metric_value AS DOUBLE PRECISION) AS value FROM performance_metrics
         WHERE run_id = $1 AND metric_type = 'error_rate' AND endpoint = 'PUT /api/timeline/update' ORDER BY timestamp`,
        [id],
      );
      expect(found.map((row) => row['phase'])).to.deep.equal(['baseline', 'fault', 'heal', 'recovery']);
      expect(found[0]?.['value']).to.equal(0);
      expect(found[1]?.['value']).to.be.within(10, 30);
    });

    it('replaces the rows of a run that is saved again, and no other rows', async () => {
      const other = sampleRun({ run: 'other', seconds: { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 } });
      await store.save(other);
      const counts = async (): Promise<Record<string, number>> => {
        const found: Record<string, number> = {};
        for (const table of TABLES) found[table] = await count(table);
        return found;
      };
      const before = await counts();
      await store.save(run);
      expect(await counts()).to.deep.equal(before);
      expect(await count('load_test_results', 'other')).to.equal(1);
      expect(before).to.deep.include({ cache_performance: 3, load_test_results: 1, auto_scaling_events: 0 });
    });

    it('lists runs, also a run that never began its load', async () => {
      await Promise.all([store.save(notReadyRun()), store.save(run)]);
      const runs = await store.runs();
      expect(runs.map((r) => r.run)).to.include.members([id, 'not-ready']);
      expect(runs.find((r) => r.run === 'not-ready')).to.include({
        verdict: 'NOT READY',
        started: '2026-11-24T04:30:00.000Z',
      });
      expect(await count('load_test_results', 'not-ready')).to.equal(0);
    });

    it('accepts texts that jsonb cannot hold and figures that are too large for their column', async () => {
      const odd = sampleRun({ run: 'odd', document: { title: 'a\0b\ud800c', run: 'odd' } });
      const t = odd.history.events.at(-1)?.t ?? 0;
      const huge = {
        kind: 'resources' as const,
        t,
        server_id: 'x'.repeat(300),
        cpu_percent: 3_200,
        memory_percent: NaN,
        disk_percent: -1,
        network_bytes_per_s: 1e300,
        connections: 1e12,
      };
      const scaled = {
        kind: 'scaled' as const,
        t,
        group: 'app',
        action: 'scale_up' as const,
        from: 3,
        to: 4,
        metric: 'cpu',
        value: 1e20,
        threshold: 70,
      };
      await store.save({ ...odd, history: { ...odd.history, events: [...odd.history.events, huge, scaled] } });
      expect(
        (
          await rows(
            'SELECT CAST(cpu_usage_percent AS DOUBLE PRECISION) AS cpu FROM system_resources WHERE server_id LIKE $1',
            ['xxx%'],
          )
        )[0],
      ).to.deep.equal({ cpu: 999.99 });
      expect(await count('auto_scaling_events', 'odd')).to.equal(1);
    });

    it('contains no secret', async () => {
      const dump = JSON.stringify(
        await rows('SELECT r.*, p.metadata FROM runs r LEFT JOIN performance_metrics p ON p.run_id = r.run'),
      );
      expect(dump).to.include('CHAOS_DB_PASSWORD=***');
      expect(dump).not.to.include(PLANTED_PASSWORD);
    });

    it('names what failed when it cannot save a run, and stays usable', async () => {
      const broken = { ...run, document: { ...run.document, started: 'never' } };
      const problem = await store.save(broken).catch((error: unknown) => error);
      expect(problem).to.include({ code: 'CHAOS_STORE_FAILED' });
      expect(await count('load_test_results')).to.equal(1);
    });
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import type { ResultStore } from '../../harness/core/run.ts';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { migrate } from '../../harness/store/migrate.ts';
import { openPostgres } from '../../harness/store/postgres.ts';
import { SqlResultStore } from '../../harness/store/result-store.ts';
import type { Sql } from '../../harness/store/sql.ts';
import { startPostgres } from '../helpers/postgres-double.ts';
import { notReadyRun, PLANTED_PASSWORD, sampleRun } from '../helpers/sample-run.ts';

/** The columns of the specification (WS-321), by table; `run_id` stands beside them. */
const SPECIFIED: Readonly<Record<string, readonly string[]>> = {
  performance_metrics: [
    'id',
    'metric_type',
    'service_name',
    'endpoint',
    'metric_value',
    'unit',
    'timestamp',
    'metadata',
  ],
  system_resources: [
    'id',
    'server_id',
    'cpu_usage_percent',
    'memory_usage_percent',
    'disk_usage_percent',
    'network_io_bytes_per_sec',
    'active_connections',
    'timestamp',
  ],
  cache_performance: [
    'id',
    'cache_type',
    'cache_key_pattern',
    'hit_rate',
    'miss_rate',
    'eviction_rate',
    'average_response_time_ms',
    'timestamp',
  ],
  load_test_results: [
    'id',
    'test_name',
    'test_type',
    'virtual_users',
    'duration_seconds',
    'total_requests',
    'successful_requests',
    'failed_requests',
    'average_response_time_ms',
    'p95_response_time_ms',
    'p99_response_time_ms',
    'throughput_rps',
    'error_rate_percent',
    'started_at',
    'completed_at',
  ],
  auto_scaling_events: [
    'id',
    'scaling_group',
    'scaling_action',
    'previous_capacity',
    'new_capacity',
    'trigger_metric',
    'trigger_value',
    'threshold_value',
    'timestamp',
  ],
};

interface Opened extends AsyncDisposable {
  readonly sql: Sql;
  /** A second connection, where there can be one. */
  another?(): Promise<Sql>;
}

async function embedded(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-store-'));
  const sql = await openEmbedded(join(folder, '.results'));
  return { sql, [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true })) };
}

async function postgres(): Promise<Opened> {
  const server = await startPostgres();
  return { sql: await openPostgres(server.url), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** An empty database that a person gives: `CHAOS_TEST_RESULTS_URL=postgres://… `. */
const GIVEN = process.env['CHAOS_TEST_RESULTS_URL'];

async function given(url: string): Promise<Opened> {
  const another = async (): Promise<Sql> => {
    const sql = await openPostgres(url);
    await sql.script('CREATE SCHEMA IF NOT EXISTS chaos_contract; SET search_path TO chaos_contract');
    return sql;
  };
  const sql = await another();
  const drop = () =>
    openPostgres(url).then(async (last) => {
      await last.script('DROP SCHEMA chaos_contract CASCADE');
      await last[Symbol.asyncDispose]();
    });
  return { sql, another, [Symbol.asyncDispose]: drop };
}

const ADAPTERS: Readonly<Record<string, () => Promise<Opened>>> = {
  embedded,
  postgres,
  ...(GIVEN === undefined ? {} : { 'a given Postgres': () => given(GIVEN) }),
};

for (const [name, open] of Object.entries(ADAPTERS)) {
  describe(`result store: ${name}`, () => {
    let opened: Opened;
    let store: ResultStore;
    const run = sampleRun();
    const id = run.document.run;
    const rows = (text: string, params: readonly unknown[] = []) => opened.sql.query(text, params);
    const count = async (table: string, of = id): Promise<number> =>
      Number((await rows(`SELECT count(*) AS n FROM ${table} WHERE run_id = $1`, [of]))[0]?.['n']);

    before(async function () {
      this.timeout(60_000);
      opened = await open();
      const others = await Promise.all(opened.another === undefined ? [] : [opened.another(), opened.another()]);
      await Promise.all([opened.sql, ...others].map((sql) => migrate(sql)));
      store = new SqlResultStore(opened.sql);
      await Promise.all([store, ...others.map((sql) => new SqlResultStore(sql))].map((s) => s.save(run)));
      for (const sql of others) await sql[Symbol.asyncDispose]();
    });

    after(async () => {
      await store[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    });

    it('has the five specified tables with their columns, and run_id beside them', async () => {
      for (const [table, columns] of Object.entries(SPECIFIED)) {
        const found = await rows(
          'SELECT column_name AS c FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema() ORDER BY ordinal_position',
          [table],
        );
        expect(
          found.map((row) => row['c']),
          table,
        ).to.deep.equal([...columns, 'run_id']);
      }
    });

    it('migrates once: again changes nothing', async () => {
      await migrate(opened.sql);
      expect(await rows('SELECT name FROM schema_migrations ORDER BY name')).to.deep.equal([
        { name: '001_specification' },
        { name: '002_runs' },
      ]);
    });

    it('refuses tables of a later version and leaves them as they are', async () => {
      const problem = await migrate(opened.sql, []).catch((error: unknown) => error);
      expect(problem).to.include({ code: 'CHAOS_STORE_NEWER' });
      expect(await count('load_test_results')).to.equal(1);
    });

    it('applies all of a migration or nothing', async () => {
      const bad = { name: '999_bad', script: 'CREATE TABLE half (a int); SELECT no_such_function();' };
      const own = (await import('../../harness/store/migrate.ts')).ownMigrations();
      await migrate(opened.sql, [...own, bad]).catch(() => undefined);
      expect(await rows("SELECT to_regclass('half') AS t")).to.deep.equal([{ t: null }]);
    });

    it('keeps one load test a run, with the figures of its open arrivals', async () => {
      const [row] = await rows(
        'SELECT *, total_requests::int AS total, p95_response_time_ms::float AS p95 FROM load_test_results WHERE run_id = $1',
        [id],
      );
      expect(row).to.include({
        test_name: 'postgres-primary-loss',
        test_type: 'load',
        duration_seconds: 74,
        total: 11_100,
      });
      expect(row?.['p95']).to.be.within(20, 100);
    });

    it('keeps metrics by phase and endpoint that can be asked for in SQL', async () => {
      const found = await rows(
        `SELECT metadata->>'phase' AS phase, metric_value::float AS value FROM performance_metrics
         WHERE run_id = $1 AND metric_type = 'error_rate' AND endpoint = 'PUT /api/timeline/update' ORDER BY timestamp`,
        [id],
      );
      expect(found.map((row) => row['phase'])).to.deep.equal(['baseline', 'fault', 'heal', 'recovery']);
      expect(found[0]?.['value']).to.equal(0);
      expect(found[1]?.['value']).to.be.within(10, 30);
    });

    it('replaces the rows of a run that is saved again, and only those', async () => {
      const other = sampleRun({ run: 'other', seconds: { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 } });
      await store.save(other);
      const counts = async (): Promise<Record<string, number>> => {
        const found: Record<string, number> = {};
        for (const table of Object.keys(SPECIFIED)) found[table] = await count(table);
        return found;
      };
      const before = await counts();
      await store.save(run);
      expect(await counts()).to.deep.equal(before);
      expect(await count('load_test_results', 'other')).to.equal(1);
      expect(before).to.deep.include({ cache_performance: 3, load_test_results: 1, auto_scaling_events: 0 });
    });

    it('lists runs by their start, a run that never began its load among them', async () => {
      await Promise.all([store.save(notReadyRun()), store.save(run)]);
      const runs = await store.runs();
      expect(runs.map((r) => r.run)).to.include.members([id, 'not-ready']);
      expect(runs.find((r) => r.run === 'not-ready')).to.include({
        verdict: 'NOT READY',
        started: '2026-11-24T04:30:00.000Z',
      });
      expect(await count('load_test_results', 'not-ready')).to.equal(0);
    });

    it('takes what jsonb cannot hold, and figures beyond a column', async () => {
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
          await rows('SELECT cpu_usage_percent::float AS cpu FROM system_resources WHERE server_id LIKE $1', ['xxx%'])
        )[0],
      ).to.deep.equal({ cpu: 999.99 });
      expect(await count('auto_scaling_events', 'odd')).to.equal(1);
    });

    it('keeps no secret', async () => {
      const dump = JSON.stringify(
        await rows('SELECT r.*, p.metadata FROM runs r LEFT JOIN performance_metrics p ON p.run_id = r.run'),
      );
      expect(dump).to.include('CHAOS_DB_PASSWORD=***');
      expect(dump).not.to.include(PLANTED_PASSWORD);
    });

    it('names what failed, and stays usable', async () => {
      const broken = { ...run, document: { ...run.document, started: 'never' } };
      const problem = await store.save(broken).catch((error: unknown) => error);
      expect(problem).to.include({ code: 'CHAOS_STORE_FAILED' });
      expect(await count('load_test_results')).to.equal(1);
    });
  });
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { JudgedRun } from '../../harness/core/record/run.ts';
import { rowsOf, TABLES } from '../../harness/store/rows.ts';
import type { SqlRow } from '../../harness/store/sql.ts';

const TABLES_AND_INDEXES = `
CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, title TEXT NOT NULL, verdict TEXT NOT NULL, started TEXT NOT NULL,
  ended TEXT NOT NULL, dir TEXT NOT NULL, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS performance_metrics (id INTEGER PRIMARY KEY, metric_type TEXT NOT NULL, service_name TEXT NOT NULL,
  endpoint TEXT, metric_value REAL NOT NULL, unit TEXT NOT NULL, timestamp TEXT, metadata TEXT,
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE) STRICT;
CREATE TABLE IF NOT EXISTS system_resources (id INTEGER PRIMARY KEY, server_id TEXT NOT NULL, cpu_usage_percent REAL,
  memory_usage_percent REAL, disk_usage_percent REAL, network_io_bytes_per_sec INTEGER, active_connections INTEGER,
  timestamp TEXT, run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE) STRICT;
CREATE TABLE IF NOT EXISTS cache_performance (id INTEGER PRIMARY KEY, cache_type TEXT NOT NULL, cache_key_pattern TEXT,
  hit_rate REAL, miss_rate REAL, eviction_rate REAL, average_response_time_ms REAL, timestamp TEXT,
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE) STRICT;
CREATE TABLE IF NOT EXISTS load_test_results (id INTEGER PRIMARY KEY, test_name TEXT NOT NULL, test_type TEXT NOT NULL,
  virtual_users INTEGER NOT NULL, duration_seconds INTEGER NOT NULL, total_requests INTEGER NOT NULL,
  successful_requests INTEGER NOT NULL, failed_requests INTEGER NOT NULL, average_response_time_ms REAL,
  p95_response_time_ms REAL, p99_response_time_ms REAL, throughput_rps REAL, error_rate_percent REAL,
  started_at TEXT NOT NULL, completed_at TEXT NOT NULL, run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE) STRICT;
CREATE TABLE IF NOT EXISTS auto_scaling_events (id INTEGER PRIMARY KEY, scaling_group TEXT NOT NULL,
  scaling_action TEXT NOT NULL, previous_capacity INTEGER NOT NULL, new_capacity INTEGER NOT NULL,
  trigger_metric TEXT NOT NULL, trigger_value REAL, threshold_value REAL, timestamp TEXT,
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE) STRICT;
${TABLES.map((table) => `CREATE INDEX IF NOT EXISTS ${table}_run_id ON ${table} (run_id);`).join('\n')}`;

/** The same rows in the same tables as the results database, in a file of SQLite. Only the benchmark uses it. */
export class SqliteStore {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  static async open(dir: string): Promise<SqliteStore> {
    // As for the embedded Postgres, loading the program is a part of opening.
    const { DatabaseSync: Database } = await import('node:sqlite');
    mkdirSync(dir, { recursive: true });
    const db = new Database(join(dir, 'results.sqlite'));
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    db.exec(TABLES_AND_INDEXES);
    return new SqliteStore(db);
  }

  save(judged: JudgedRun): Promise<void> {
    const { run, title, verdict, started, ended, dir } = judged.document;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      this.#db.prepare('DELETE FROM runs WHERE run = ?').run(run);
      const document = JSON.stringify(judged.document);
      this.#insert('runs', [{ run, title, verdict, started, ended, dir, document }]);
      const rows = rowsOf(judged);
      for (const table of TABLES)
        this.#insert(
          table,
          rows[table].map((row) => ({ ...row, run_id: run })),
        );
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
    return Promise.resolve();
  }

  runs(): Promise<readonly unknown[]> {
    const rows = this.#db.prepare('SELECT run, title, verdict, started, dir FROM runs ORDER BY started, run').all();
    return Promise.resolve(rows);
  }

  #insert(table: string, rows: readonly SqlRow[]): void {
    const columns = Object.keys(rows[0] ?? {});
    if (columns.length === 0) return;
    const marks = columns.map(() => '?').join(', ');
    const insert = this.#db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
    for (const row of rows) insert.run(...columns.map((column) => valueOf(row[column])));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }
}

const valueOf = (value: unknown): string | number | null =>
  typeof value === 'string' || typeof value === 'number' ? value : value == null ? null : JSON.stringify(value);

import { readdirSync, readFileSync } from 'node:fs';
import { ChaosError } from '../core/errors.ts';
import type { Sql } from './sql.ts';

export interface Migration {
  /** "001_specification". Migrations are applied in the order of their names. */
  readonly name: string;
  readonly script: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);
/** The advisory lock's number: "chaos" in ASCII, which no other program should use. */
const LOCK = 0x63_68_61_6f_73;

export function ownMigrations(): Migration[] {
  const files = readdirSync(FOLDER).filter((file) => /^\d{3}_\w+\.sql$/.test(file));
  return files.sort().map((file) => ({ name: file.slice(0, -4), script: readFileSync(new URL(file, FOLDER), 'utf8') }));
}

/**
 * Applies all missing migrations in one transaction. Two processes that migrate at once wait for each other. Throws
 * CHAOS_STORE_NEWER when a later version of the harness migrated the database.
 */
export async function migrate(sql: Sql, migrations: readonly Migration[] = ownMigrations()): Promise<void> {
  await sql.transaction(async (open) => {
    await open.query('SELECT pg_advisory_xact_lock($1::bigint)', [LOCK]);
    await open.script(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW())',
    );
    const applied = new Set((await open.query('SELECT name FROM schema_migrations')).map((row) => String(row['name'])));
    const unknown = [...applied].filter((name) => !migrations.some((m) => m.name === name));
    if (unknown.length > 0) {
      throw new ChaosError('CHAOS_STORE_NEWER', {
        what: `a later version of chaos made the results database: it has ${unknown.join(', ')}`,
        hint: 'Use that version, or another results database: `chaos report --all` fills it from the runs’ folders.',
        exit: 'not-ready',
      });
    }
    for (const { name, script } of migrations) {
      if (applied.has(name)) continue;
      await open.script(script);
      await open.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
    }
  });
}

import { readdirSync, readFileSync } from 'node:fs';
import { ChaosError } from '../core/errors.ts';
import type { Dialect, Sql } from './sql.ts';

export interface Migration {
  /** "001_specification". Migrations are applied in the order of their names. */
  readonly name: string;
  readonly script: string;
}

/** The key under which processes that migrate wait for each other. */
const KEY = 'chaos migrations';

export function ownMigrations({ name }: Dialect): Migration[] {
  const folder = new URL(`./migrations/${name}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => /^\d{3}_\w+\.sql$/.test(file));
  return files.sort().map((file) => ({ name: file.slice(0, -4), script: readFileSync(new URL(file, folder), 'utf8') }));
}

/**
 * Applies all missing migrations in one transaction. Two processes that migrate at once wait for each other. Throws
 * CHAOS_STORE_NEWER when a later version of the harness migrated the database.
 */
export async function migrate(sql: Sql, migrations: readonly Migration[] = ownMigrations(sql.dialect)): Promise<void> {
  await sql.transaction(async (open) => {
    if (sql.dialect.takeKey !== undefined) await open.query(sql.dialect.takeKey, [KEY]);
    await open.script(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP)',
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

import { DatabaseSync } from 'node:sqlite';
import type { Sql } from '../../harness/store/sql.ts';

/** How a kind of database describes its tables. */
export interface Describing {
  /** Returns each column of a table in order, with its type, "not null" and default. */
  readonly columns: (sql: Sql, table: string) => Promise<readonly string[]>;
  /** Returns the columns of each table that a script of Postgres makes, as this kind of database would have them. */
  readonly specified: (sql: Sql, script: string) => Promise<ReadonlyMap<string, readonly string[]>>;
}

const COLUMNS = `
  SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS column
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const columnsOfPostgres = async (sql: Sql, table: string): Promise<string[]> =>
  (await sql.query(COLUMNS, [table])).map((row) => String(row['column']));

/** The script makes its tables in a schema of their own. */
export const describingPostgres: Describing = {
  columns: columnsOfPostgres,
  async specified(sql, script) {
    const [own] = await sql.query('SELECT current_schema() AS name');
    await sql.script(`CREATE SCHEMA specified; SET search_path TO specified; ${script}`);
    const asked = await sql.query("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'specified' ORDER BY 1");
    const specified = new Map<string, string[]>();
    for (const { name } of asked) specified.set(String(name), await columnsOfPostgres(sql, String(name)));
    await sql.script(`DROP SCHEMA specified CASCADE; SET search_path TO ${String(own?.['name'])}`);
    return specified;
  },
};

type Row = Readonly<Record<string, unknown>>;
const TABLE_INFO = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info($1)';

/** The two functions of Postgres that SQLite does not have are the defaults of an id and of a time. */
function described({ name, type, notnull, dflt_value, pk }: Row): string {
  const given = typeof dflt_value === 'string' ? ` default ${nameOf(dflt_value)}` : '';
  return `${String(name)} ${String(type).toLowerCase()}${notnull === 1 || pk === 1 ? ' not null' : ''}${given}`;
}

const nameOf = (value: string): string =>
  value.includes('randomblob') ? 'a new uuid' : value.startsWith('strftime') ? 'now' : value;

/** The script makes its tables in another database, in memory. */
export const describingSqlite: Describing = {
  columns: async (sql, table) => (await sql.query(TABLE_INFO, [table])).map(described),
  specified(_sql, script) {
    using db = new DatabaseSync(':memory:');
    db.exec(script.replaceAll('gen_random_uuid()', '(hex(randomblob(16)))').replaceAll('NOW()', "(strftime('%s'))"));
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const columns = (table: string): string[] => db.prepare(TABLE_INFO).all({ $1: table }).map(described);
    return Promise.resolve(new Map(tables.map(({ name }) => [String(name), columns(String(name))])));
  },
};

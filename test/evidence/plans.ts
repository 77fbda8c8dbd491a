import { type Explained, explainer } from '../helpers/wedsync/explain.ts';
import { seededServer } from '../helpers/wedsync/server.ts';
import {
  type Asked,
  statementsOfAudit,
  statementsOfJobs,
  statementsOfRequests,
} from '../helpers/wedsync/statements.ts';
import { median, row } from './figures.ts';

/** The rows that a season adds to each table that requests fill, for each unit of the factor. */
const SEASON = 50_000;
const TIMES = 50;

interface Plans {
  readonly rows: number;
  /** By what sends the statement. */
  readonly explained: ReadonlyMap<string, readonly Explained[]>;
  /** Updates that touched no index, and all updates, of the two tables that requests update. */
  readonly updates: readonly { readonly table: string; readonly hot: number; readonly all: number }[];
}

async function statements(i: number): Promise<Asked[]> {
  return [...(await statementsOfRequests(i)), ...(await statementsOfJobs(i)), ...statementsOfAudit(i)];
}

/** Sends every statement fifty times, for other rows each time, to a database of this size. */
export async function measurePlans(factor: number): Promise<Plans> {
  await using server = await seededServer({ factor, rows: SEASON * factor });
  const explain = await explainer(server.client);
  const explained = new Map<string, Explained[]>();
  for (let i = 1; i <= TIMES; i += 1)
    for (const statement of await statements(i)) {
      const one = await explain(statement);
      explained.set(one.by, [...(explained.get(one.by) ?? []), one]);
    }
  await server.client.query('select pg_stat_force_next_flush()');
  const { rows } = await server.client.query<{ table: string; rows: string; hot: string; all: string }>(`
    select relname as table, n_live_tup as rows, n_tup_hot_upd as hot, n_tup_upd as all from pg_stat_user_tables`);
  const updated = rows.filter(({ table }) => table === 'tasks' || table === 'timeline_items');
  return {
    rows: rows.reduce((sum, one) => sum + Number(one.rows), 0),
    explained,
    updates: updated.map(({ table, hot, all }) => ({ table, hot: Number(hot), all: Number(all) })),
  };
}

export function planTable({ rows, explained, updates }: Plans): string {
  const lines = [...explained].map(([by, times]) => {
    const ms = times.map((one) => one.ms);
    const indexes = [...new Set(times.flatMap((one) => one.indexes))].sort();
    const whole = [...new Set(times.flatMap((one) => one.sequential))].map((table) => `${table}, read whole`);
    return { by, pages: median(times.map((one) => one.pages)), ms: median(ms), most: Math.max(...ms), indexes, whole };
  });
  const slowest = lines.toSorted((a, b) => b.most - a.most)[0];
  return [
    `${rows.toLocaleString('en-GB')} rows. Each statement was sent ${TIMES} times, for other rows each time. The slowest of all took ${slowest?.most.toFixed(1)} ms (${slowest?.by}).`,
    '',
    row('sent by', 'pages of 8 kB', 'ms on the server: median (most)', 'indexes'),
    row('---', '---:', '---:', '---'),
    ...lines.map(({ by, pages, ms, most, indexes, whole }) =>
      row(by, String(pages), `${ms.toFixed(2)} (${most.toFixed(2)})`, [...indexes, ...whole].join(', ')),
    ),
    '',
    ...updates.map(({ table, hot, all }) => `Updates of ${table} that wrote to no index: ${hot} of ${all}.`),
  ].join('\n');
}

import type { RunDocument } from '../../../harness/core/record/run.ts';
import { eventsOf, type History } from '../../../harness/core/record/history.ts';
import { openPostgres } from '../../../harness/store/postgres.ts';
import type { SqlRow } from '../../../harness/store/sql.ts';
import { startResultsServer } from '../../helpers/results-server.ts';
import { row } from '../figures.ts';
import type { Told } from '../told.ts';

/** The columns of the specification's table, without its id. */
const COLUMNS = [
  'scaling_group',
  'scaling_action',
  'previous_capacity',
  'new_capacity',
  'trigger_metric',
  'trigger_value',
  'threshold_value',
  'timestamp',
] as const;

const SELECT = `SELECT ${COLUMNS.join(', ')} FROM auto_scaling_events WHERE run_id = $1 ORDER BY timestamp`;

export interface Stored {
  readonly document: RunDocument;
  readonly rows: readonly SqlRow[];
}

/** Carries out a run with a user's own PostgreSQL as the results database, and asks it for the rows of the run. */
export async function storedBy(run: (env: Readonly<Record<string, string>>) => Promise<RunDocument>): Promise<Stored> {
  await using server = await startResultsServer();
  const document = await run({ CHAOS_RESULTS_URL: server.url });
  await using sql = await openPostgres(server.url);
  return { document, rows: await sql.query(SELECT, [document.run]) };
}

const cell = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

export function storeTable({ document, rows }: Stored, history: Pick<History, 'events'>): Told {
  const scaled = eventsOf(history, 'scaled').length;
  const wrong = [
    ...(rows.length === scaled ? [] : [`${rows.length} rows for ${scaled} changes`]),
    ...(scaled === 0 ? ['nothing was scaled'] : []),
  ];
  const text = [
    `The run ${document.run} with \`CHAOS_RESULTS_URL\` at a user's own PostgreSQL, and then \`select … from auto_scaling_events where run_id = '${document.run}' order by timestamp\`. The record has ${scaled} changes, and the table ${rows.length} rows:`,
    [
      row(...COLUMNS),
      row(...COLUMNS.map(() => '---')),
      ...rows.map((one) => row(...COLUMNS.map((column) => cell(one[column])))),
    ].join('\n'),
    ...(wrong.length === 0 ? [] : [`Not as promised: ${wrong.join('; ')}.`]),
  ].join('\n\n');
  return { text, wrong };
}

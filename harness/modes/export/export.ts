import { describeError } from '../../core/errors.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { type Redact, redactDeep } from '../../core/text/redact.ts';
import { visibleJson } from '../../core/text/visible.ts';
import type { Unreadable } from '../../record/folders.ts';
import { csvLine } from '../../core/text/csv.ts';
import { type Row, type TableName, TABLES } from './tables.ts';

/** A file of CSV has one table. JSON lines may have several: each line says its table. */
export type Form =
  | { readonly format: 'csv'; readonly table: TableName }
  | { readonly format: 'ndjson'; readonly tables: readonly TableName[] };

export interface ExportOptions {
  /** The folders of the runs, in the order in which they are written. */
  readonly dirs: readonly string[];
  readonly form: Form;
  /** Reads and judges the record in a folder. */
  readonly judge: (dir: string) => JudgedRun;
  readonly redact: Redact;
  /** Receives each run that cannot be read. It hides no other. */
  readonly passOver: (folder: Unreadable) => void;
}

/** Yields the text of an export in pieces, a run at a time. Only one run is in memory, however many there are. */
export function* exported({ dirs, form, judge, redact, passOver }: ExportOptions): Generator<string, void> {
  if (form.format === 'csv') yield csvLine(TABLES[form.table].columns);
  for (const dir of dirs) {
    let judged: JudgedRun;
    try {
      judged = judge(dir);
    } catch (error) {
      passOver({ dir, message: describeError(error) });
      continue;
    }
    const rows = (table: TableName): readonly Row[] =>
      TABLES[table].rows(judged).map((row: Row) => redactDeep(row, redact));
    yield form.format === 'csv'
      ? rows(form.table).map(csvRow(form.table)).join('')
      : form.tables.flatMap((table) => rows(table).map((row) => jsonLine(table, row))).join('');
  }
}

const csvRow = (table: TableName) => {
  const { columns } = TABLES[table];
  return (row: Row): string => csvLine(columns.map((column) => row[column] ?? null));
};

const jsonLine = (table: TableName, row: Row): string => `${visibleJson(JSON.stringify({ table, ...row }))}\n`;

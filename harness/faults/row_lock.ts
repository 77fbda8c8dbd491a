import { z } from 'zod';
import { median } from '../core/stats.ts';
import { shown, soundBefore, split, tally, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { database, holdOnPrimary, table, WAITING_FOR_LOCKS } from '../kit/acts/sessions.ts';

/** How many rows are checked: the first rows by the table's first column. The fault locks at least these rows. */
const CHECKED = 10;

/** A condition for the first rows of a table, by its first column. It takes no lock on other rows. */
const first = (name: string, rows: number): string =>
  `where ctid = any(array(select ctid from (select *, ctid from ${name} order by 1 limit ${rows}) f))`;

const question = (name: string): string => `rows of ${name} that are free`;
const WAITING = 'statements that wait for a lock';

export default defineFault({
  name: 'row_lock',
  summary: 'Holds locks on rows of a table of the primary: statements that change them wait and time out.',
  params: z.strictObject({
    service: database,
    table,
    rows: z
      .int()
      .min(CHECKED)
      .optional()
      .meta({
        description: 'How many rows, the first ones by the first column; without it all rows',
        examples: [1000],
      }),
  }),
  example: { table: 'timeline_items' },
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: () => 'end the session that holds the locks',
  observers: (params) => [
    {
      id: question(params.table),
      // The weakest lock on a row, held only by this statement: no update waits for it.
      command: {
        sql: `select count(*) from (select 1 from ${params.table} ${first(params.table, CHECKED)} for key share skip locked) s`,
      },
      everyMs: 750,
    },
    { id: WAITING, command: { sql: WAITING_FOR_LOCKS }, everyMs: 500 },
  ],
  inject(ctx) {
    const { table: name, rows } = ctx.params;
    const which = rows === undefined ? '' : first(name, rows);
    return holdOnPrimary(ctx, { count: 1, sql: `select 1 from ${name} ${which} for update` });
  },
  prove(record, params) {
    const seen = split(record, question(params.table));
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(valuesOf(seen.before)) ?? 0;
    const during = median(valuesOf(seen.during));
    if (before === 0 || during === undefined) {
      return {
        effective: 'inconclusive',
        evidence: `the rows were not read: ${tally(seen.before)} before the fault, ${tally(seen.during)} during it`,
      };
    }
    const waited = Math.max(0, ...valuesOf(split(record, WAITING).during));
    const evidence =
      `${during} of ${before} checked rows were free during the fault (median of ${valuesOf(seen.during).length} readings); ` +
      `at most ${waited} statements of the consumers waited at once`;
    return shown(during === 0 && waited > 0, evidence);
  },
});

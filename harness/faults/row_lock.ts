import { z } from 'zod';
import { median, shown, soundBefore, split, tally, tooLittle, valuesOf } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { database, holdOnPrimary, table, WAITING_FOR_LOCKS } from '../core/acts/sessions.ts';

/** Rows that are looked at: the first by the table's first column, as those that are locked. */
const LOOKED_AT = 10;

/** Some rows of a table, the first by its first column, as a condition that takes no lock on others. */
const first = (name: string, rows: number): string =>
  `where ctid = any(array(select ctid from (select *, ctid from ${name} order by 1 limit ${rows}) f))`;

const question = (name: string): string => `rows of ${name} that are free`;
const WAITING = 'statements that wait for a lock';

export default defineFault({
  name: 'row_lock',
  summary: 'Holds locks on rows of a table of the primary: statements that change them wait, and time out.',
  params: z.strictObject({
    service: database,
    table,
    rows: z
      .int()
      .min(LOOKED_AT)
      .optional()
      .meta({ description: 'So many rows, the first by the first column; without it all', examples: [1000] }),
  }),
  example: { table: 'timeline_items' },
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: () => 'end the session that holds the locks',
  observers: (params) => [
    {
      id: question(params.table),
      // The weakest lock on a row, for the time of this statement: it keeps no update waiting.
      command: {
        sql: `select count(*) from (select 1 from ${params.table} ${first(params.table, LOOKED_AT)} for key share skip locked) s`,
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
        evidence: `the rows were not seen: ${tally(seen.before)} before, ${tally(seen.during)} during`,
      };
    }
    const waited = Math.max(0, ...valuesOf(split(record, WAITING).during));
    const evidence =
      `of ${before} rows looked at ${during} were free while it was held (${seen.during.length} looks); ` +
      `at most ${waited} statements of the consumers waited at once`;
    return shown(during === 0 && waited > 0, evidence);
  },
});

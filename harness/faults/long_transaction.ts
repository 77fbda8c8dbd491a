import { z } from 'zod';
import { median } from '../core/stats.ts';
import { shown, soundBefore, split, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { database, holdOnPrimary } from '../kit/acts/sessions.ts';

const OTHERS = `from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
const AGE = 'seconds since the oldest transaction began';
const AGE_SQL = `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) ${OTHERS}`;
const HELD = 'transactions that vacuum may not clean up after';
const HELD_SQL = `select coalesce(max(age(backend_xmin)), 0) ${OTHERS}`;
/** The fault must keep vacuum from at least this many transactions. A statement of a consumer may do so for fewer. */
const LEAST = 5;

export default defineFault({
  name: 'long_transaction',
  summary: 'Leaves a transaction open and idle on the primary: its snapshot keeps vacuum from cleaning up.',
  params: z.strictObject({ service: database }),
  example: { service: 'postgres' },
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: () => 'end the session: its transaction has changed nothing and is rolled back',
  observers: () => [
    { id: AGE, command: { sql: AGE_SQL }, everyMs: 1_000 },
    { id: HELD, command: { sql: HELD_SQL }, everyMs: 1_000 },
  ],
  inject: (ctx) =>
    holdOnPrimary(ctx, {
      count: 1,
      sql: 'set transaction isolation level repeatable read; select pg_current_xact_id()',
    }),
  prove(record) {
    const ages = split(record, AGE);
    const held = split(record, HELD);
    const doubt = tooLittle(record, ages) ?? tooLittle(record, held) ?? soundBefore(ages);
    if (doubt !== undefined) return doubt;
    const last = ages.during.at(-1);
    const age = last?.value ?? 0;
    const inForce = ((last?.t ?? 0) - (record.injected ?? 0)) / 1_000;
    const usual = median(valuesOf(held.before)) ?? 0;
    const kept = (valuesOf(held.during).at(-1) ?? 0) - usual;
    const evidence =
      `the oldest transaction was ${age.toFixed(1)} s old after ${inForce.toFixed(1)} s in force; ` +
      `vacuum may not clean up after ${kept} transactions since then (at least ${LEAST} are needed)`;
    return shown(age >= inForce * 0.9 && kept >= LEAST, evidence);
  },
});

import { z } from 'zod';
import { mostly, soundBefore, split, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { database, holdOnPrimary, table, WAITING_FOR_LOCKS } from '../kit/acts/sessions.ts';

/** For each mode, the weakest lock of a consumer's statement that has to wait. */
const KEEPS_OUT = { 'access exclusive': 'access share', exclusive: 'row exclusive', share: 'row exclusive' } as const;

const question = (name: string): string => `a statement on ${name}`;
const WAITING = 'statements that wait for a lock';

export default defineFault({
  name: 'table_lock',
  summary: 'Holds a lock on a table of the primary: statements on it wait and time out.',
  params: z.strictObject({
    service: database,
    table,
    mode: z.enum(['access exclusive', 'exclusive', 'share']).default('access exclusive').meta({
      description:
        'access exclusive (as ALTER TABLE) blocks reads and writes, on the standby too; the others block only writes',
    }),
  }),
  example: { table: 'weddings' },
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: () => 'end the session that holds the lock',
  observers: (params) => [
    {
      id: question(params.table),
      command: {
        sql: `set lock_timeout = '250ms'; lock table ${params.table} in ${KEEPS_OUT[params.mode]} mode; select 1`,
      },
      everyMs: 750,
    },
    { id: WAITING, command: { sql: WAITING_FOR_LOCKS }, everyMs: 500 },
  ],
  inject: (ctx) => holdOnPrimary(ctx, { count: 1, sql: `lock table ${ctx.params.table} in ${ctx.params.mode} mode` }),
  prove(record, params) {
    const seen = split(record, question(params.table));
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const held = mostly(
      seen,
      (o) => o.error?.includes('lock timeout') ?? false,
      `statements on ${params.table} that timed out waiting for the lock`,
    );
    const waited = Math.max(0, ...valuesOf(split(record, WAITING).during));
    const evidence = `${held.evidence}; at most ${waited} statements of the consumers waited at once`;
    // When nobody else uses the table, the lock hurts nobody.
    return waited > 0 ? { ...held, evidence } : { effective: 'not effective', evidence };
  },
});

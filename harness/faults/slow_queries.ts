import { z } from 'zod';
import { candidates } from '../core/aim.ts';
import { median, rise, roundTrips, shown, soundBefore, split, tooLittle } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { duration } from '../core/schema.ts';
import { SLOW_POLICY, slowDown, speedUp } from '../core/acts/slow-table.ts';
import { database, databaseOf, nodeOf, psql, table } from '../core/acts/sessions.ts';

const question = (name: string): string => `a query of ${name}`;
/** Counted by each node for itself, our own questions included. */
const uses = (name: string): string => `scans and changes of ${name} on `;

export default defineFault({
  name: 'slow_queries',
  summary: 'Makes every statement on a table take longer, on the primary and on the standby.',
  params: z.strictObject({
    service: database,
    table,
    delay: duration.refine((ms) => ms >= 10 && ms <= 60_000, { error: 'write 10ms at least and 1m at most' }),
  }),
  example: { table: 'weddings', delay: '200ms' },
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: ({ table: name }) => `drop policy ${SLOW_POLICY} on ${name}`,
  observers: ({ service, table: name }, spec) => [
    { id: question(name), command: { sql: `select count(*) from (select 1 from ${name} limit 1) s` }, everyMs: 750 },
    ...candidates(spec, { service }).map((node) => ({
      id: `${uses(name)}${node}`,
      command: psql(
        node,
        databaseOf(spec).name,
        `select seq_scan + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd from pg_stat_user_tables where relid = '${name}'::regclass`,
      ),
      everyMs: 2_000,
    })),
  ],
  async inject(ctx) {
    const { params, topology, undo } = ctx;
    const { name } = await nodeOf(ctx, 'primary');
    await undo({ do: 'command', command: speedUp(params.table) });
    await topology.act(slowDown(params.table, params.delay / 1_000));
    return [name];
  },
  prove(record, { table: name, delay }) {
    const seen = split(record, question(name));
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(roundTrips(seen.before)) ?? 0;
    const during = median(roundTrips(seen.during));
    if (during === undefined) return { effective: 'inconclusive', evidence: 'no query was answered during the fault' };
    const added = during - before;
    const nodes = new Set(record.observations.map((o) => o.observer).filter((id) => id.startsWith(uses(name))));
    const own = record.observations.filter((o) => o.observer === question(name)).length;
    const used = [...nodes].reduce((sum, node) => sum + (rise(record, node) ?? 0), 0) - own;
    const evidence =
      `a query of ${name} took ${before.toFixed(0)} ms before, ${during.toFixed(0)} ms during (median, ${seen.during.length} looks): ` +
      `${added.toFixed(0)} ms added of ${delay} ms asked; consumers used the table ${Math.max(0, used)} times meanwhile`;
    return shown(added >= delay * 0.8 && used > 0, evidence);
  },
});

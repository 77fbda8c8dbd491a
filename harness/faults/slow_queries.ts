import { z } from 'zod';
import { candidates } from '../core/topology/aim.ts';
import { median } from '../core/stats.ts';
import { rise, roundTrips, shown, soundBefore, split, tooLittle } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { duration } from '../kit/schema.ts';
import {
  lookAtRowSecurity,
  parseRowSecurity,
  type RowSecurity,
  SLOW_POLICY,
  slowDown,
  speedUp,
} from '../kit/acts/slow-table.ts';
import { database, databaseOf, nodeOf, psql, table } from '../kit/acts/sessions.ts';

const question = (name: string): string => `a query of ${name}`;
/** Each node counts the uses of the table by itself. Our own questions are among the uses. */
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
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: ({ table: name }) => `drop policy ${SLOW_POLICY} on ${name}, and give it the row level security that it had`,
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
    const { params, topology, hold } = ctx;
    const { table: slowed, delay } = params;
    const { name } = await nodeOf(ctx, 'primary');
    const look = async (): Promise<RowSecurity> => parseRowSecurity(await topology.ask(lookAtRowSecurity(slowed)));
    await hold({
      place: slowed,
      what: 'row level security',
      value: `${delay} ms`,
      before: async () => [{ do: 'command', command: speedUp(slowed, await look()) }],
      set: async () => topology.act(slowDown(slowed, delay / 1_000, await look())),
    });
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
    const nodes = record.observers.filter(({ id }) => id !== question(name));
    const { injecting, healed = Infinity } = record;
    const own = record.observations.filter(
      ({ observer, t }) => observer === question(name) && t >= injecting && t < healed,
    ).length;
    const used = nodes.reduce((sum, { id }) => sum + (rise(record, id) ?? 0), 0) - own;
    const evidence =
      `a query of ${name} took ${before.toFixed(0)} ms before the fault, ${during.toFixed(0)} ms during it ` +
      `(median of ${roundTrips(seen.during).length} readings): ${added.toFixed(0)} ms added, ${delay} ms asked for; ` +
      `consumers used the table ${Math.max(0, used)} times meanwhile`;
    return shown(added >= delay * 0.8 && used > 0, evidence);
  },
});

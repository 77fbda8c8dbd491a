import { z } from 'zod';
import { median } from '../core/stats.ts';
import { mostly, shown, soundBefore, split, tooLittle, valuesOf } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { database, holdOnPrimary } from '../kit/acts/sessions.ts';

const IN_USE = 'a new connection to the primary, and the percentage in use';
const IN_USE_SQL = `select round(100.0 * count(*) / current_setting('max_connections')::int, 1) from pg_stat_activity where backend_type = 'client backend'`;
const REFUSED = /too many clients|slots are reserved/;

export default defineFault({
  name: 'connection_exhaustion',
  summary: 'Holds connections of the primary until a share is in use. With 100 % of them in use, new ones are refused.',
  params: z.strictObject({
    service: database,
    percent: z
      .number()
      .gt(0)
      .max(100)
      .default(100)
      .meta({ description: 'Percentage of max_connections in use; 100 also takes each slot that becomes free' }),
  }),
  example: { percent: 100 },
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: () => 'end the sessions that hold the connections',
  observers: () => [{ id: IN_USE, command: { sql: IN_USE_SQL }, everyMs: 750 }],
  async inject(ctx) {
    const { percent } = ctx.params;
    const missing =
      percent === 100
        ? `current_setting('max_connections')`
        : `ceil(current_setting('max_connections')::int * ${percent} / 100.0) - count(*) from pg_stat_activity where backend_type = 'client backend'`;
    const count = Math.max(1, Number(await ctx.topology.ask({ sql: `select ${missing}` })));
    return holdOnPrimary(ctx, { count, eager: percent === 100 });
  },
  prove(record, { percent }) {
    const seen = split(record, IN_USE);
    const doubt = tooLittle(record, seen) ?? soundBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(valuesOf(seen.before)) ?? 0;
    if (percent === 100) {
      const refused = mostly(seen, (o) => REFUSED.test(o.error ?? ''), 'new connections refused');
      return { ...refused, evidence: `${refused.evidence}; in use before the fault: ${before} %` };
    }
    const during = median(valuesOf(seen.during));
    if (during === undefined) return { effective: 'inconclusive', evidence: 'connections in use were not counted' };
    const evidence =
      `${before} % of all connections were in use before the fault, ${during} % during it ` +
      `(${percent} % asked for, ${valuesOf(seen.during).length} readings)`;
    // During the fault, the consumers' pools close some connections and open others. So 90 % of the request is enough.
    return shown(during > before && during >= percent * 0.9, evidence);
  },
});

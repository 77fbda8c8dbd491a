import { z } from 'zod';
import { withDeadline } from '../../core/deadline.ts';
import { defineCondition } from '../../core/kinds/condition.ts';
import type { TopologyControl } from '../../core/topology/control.ts';
import { ASK_MS, askAgain, type Seen } from '../../kit/ask-again.ts';

const params = z.strictObject({
  query: z.string().min(1).meta({ description: 'Runs on the primary. The first value of its result is compared' }),
  equals: z
    .union([z.string(), z.number(), z.boolean()])
    .default(true)
    .transform((value) => String(value)),
});

export default defineCondition({
  name: 'sql',
  summary: 'A query on the primary returns this value',
  example: { query: 'select count(*) > 0 from pg_stat_replication' },
  params,
  requires: ['sql'],
  describe: ({ query, equals }) => `"${query}" returns ${equals} on the primary`,
  comeAbout: ({ query, equals }, looking) =>
    askAgain(looking, () => withDeadline('the query', ASK_MS, compared(looking.topology, query, equals))),
});

async function compared(topology: TopologyControl, query: string, equals: string): Promise<Seen> {
  const [row] = await topology.data.query(query, []);
  if (row === undefined) return { holds: false, saw: 'no row' };
  const value = String(Object.values(row)[0]);
  return { holds: value === equals, saw: value.slice(0, 80) };
}

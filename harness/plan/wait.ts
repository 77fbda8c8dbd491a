import { z } from 'zod';
import type { Condition } from '../core/plan.ts';
import { duration } from '../core/schema.ts';

/** For a step: what follows it is not kept from being tried. */
export const goesOn = (description: string) => z.boolean().default(false).meta({ description });

const role = z.strictObject({
  of: z.string().meta({ description: 'A group of the topology, or a member of one', examples: ['postgres'] }),
  becomes: z
    .enum(['primary', 'standby', 'unknown'])
    .meta({ description: 'The role that is taken since the step before began; unknown: no longer answers' }),
});

const http = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\u0021-\u007e]*$/, { error: 'write a path of the entry, for example /health' })
    .meta({ description: "A path of the topology's entry", examples: ['/health'] }),
  status: z.int().min(100).max(599).default(200),
});

const sql = z.strictObject({
  query: z.string().min(1).meta({ description: 'Asked of the primary; its first value is looked at' }),
  equals: z.union([z.string(), z.number(), z.boolean()]).default(true),
});

const command = z.strictObject({
  service: z.string().meta({ description: 'A service of the topology' }),
  replica: z.int().min(1).default(1).meta({ description: '1-based number of the replica' }),
  run: z
    .array(z.string())
    .min(1)
    .meta({ description: 'Program and arguments; holds when it ends with 0, and may change nothing' }),
});

const conditions = {
  role: role.optional().meta({
    description: "A member takes a role, as the database's manager tells it: it is asked every 500 ms",
    examples: [{ of: 'postgres', becomes: 'primary' }],
  }),
  http: http.optional().meta({
    description: 'A path of the entry answers with this status',
    examples: [{ path: '/health', status: 200 }],
  }),
  sql: sql.optional().meta({
    description: 'A query on the primary answers so',
    examples: [{ query: 'select count(*) > 0 from pg_stat_replication' }],
  }),
  command: command.optional().meta({
    description: 'A command in a container succeeds',
    examples: [{ service: 'app', run: ['test', '-e', '/proc/1'] }],
  }),
};

/** A wait for one condition. All but roles is asked every 250 ms. */
export const waitShape = z
  .strictObject({
    ...conditions,
    within: duration
      .refine((ms) => ms > 0, { error: 'write more than nothing: 20s' })
      .default(30_000)
      .meta({ description: 'Deadline, from its turn' }),
    continue_on_failure: goesOn('When its deadline passes, the step after it is taken all the same'),
  })
  .superRefine((value, ctx) => {
    const given = Object.keys(conditions).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
    if (given.length === 1) return;
    const names = Object.keys(conditions).join(', ');
    const message =
      given.length === 0 ? `a wait has one of ${names}` : `one condition a wait: this one has ${given.join(' and ')}`;
    ctx.addIssue({ code: 'custom', message });
  });

/** The one condition of a sound wait. */
export function conditionOf({ role, http, sql, command }: z.output<typeof waitShape>): Condition {
  if (role !== undefined) return { role };
  if (http !== undefined) return { http };
  if (sql !== undefined) return { sql: { query: sql.query, equals: String(sql.equals) } };
  if (command !== undefined) return { command };
  throw new TypeError('a sound wait has a condition');
}

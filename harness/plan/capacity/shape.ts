import { z } from 'zod';
import { duration, percentageLike, requestRate, target } from '../../kit/schema.ts';
import { inputSchema } from '../schema.ts';

const positive = duration.refine((ms) => ms > 0, { error: 'write a duration above 0: 10m' });
const share = (example: string) =>
  percentageLike(example)
    .refine((percent) => percent > 0 && percent < 100, { error: `write a share above 0% and below 100%: ${example}` })
    .transform((percent) => percent / 100);
const kept = percentageLike('60%')
  .refine((percent) => percent > 0 && percent <= 100, { error: 'write a share above 0%, and 100% at most: 60%' })
  .transform((percent) => percent / 100);
const rate = requestRate.refine((perS) => perS <= 50_000, { error: 'at most 50000/s can be offered from one process' });
const text = z.string().trim().min(1);

const p95 = z
  .union([positive, z.record(text, positive).refine((of) => Object.keys(of).length > 0, { error: 'name a class' })])
  .meta({
    description:
      '95 % of the requests are answered within this time: of all, or by class: all, reads, writes, a scenario, an endpoint',
    examples: ['200ms', { reads: '200ms', writes: '400ms' }],
  });

const targets = z
  .strictObject({
    rate: rate.optional().meta({ description: 'The wanted load', examples: ['278/s', '1000000/h'] }),
    users: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "Instead of a rate: users, each as busy as the workload's frequencies say" }),
    p95,
    errors: share('0.1%').meta({ description: 'Less than this share of the requests fails', examples: ['0.1%'] }),
    held: positive.optional().meta({ description: 'The wanted load is held for so long', examples: ['10m'] }),
    cpu: z
      .record(text, share('90%'))
      .optional()
      .meta({
        description: 'By service: more of a core is no longer within the objective',
        examples: [{ app: '90%' }],
      }),
    connections: share('95%')
      .optional()
      .meta({ description: 'The share of the connections of each server in x-chaos.connections that may be used' }),
  })
  .refine((one) => (one.rate === undefined) !== (one.users === undefined), { error: 'write either rate or users' });

const search = z.strictObject({
  from: rate
    .optional()
    .meta({ description: 'The rate of the first step; default: half of the wanted load, 200/s at most' }),
  most: rate
    .optional()
    .meta({ description: 'No step has a higher rate; default: 50 times the wanted load, 5000/s at most' }),
  within: share('20%').default(0.2).meta({
    description: 'How close the rate that is carried and the rate that is not must be before they are confirmed',
  }),
  for: positive.default(1_500_000).meta({ description: 'How long the search without any fault may take' }),
});

const cell = z
  .strictObject({
    name: text.optional().meta({ description: 'The name of the condition; default: "without <service>"' }),
    without: z
      .union([text, target])
      .optional()
      .meta({ description: 'A service: one of its containers is killed. Or what is killed, as for the fault `kill`' }),
    faults: z
      .array(z.unknown())
      .min(1)
      .optional()
      .meta({ description: 'Faults as in an experiment, held during the search' }),
    keeps: kept.optional().meta({ description: 'The share of the full capacity that must be left', examples: ['60%'] }),
    rate: rate
      .optional()
      .meta({ description: 'The load that must still be carried; default without keeps: the wanted load' }),
  })
  .refine((one) => (one.without === undefined) !== (one.faults === undefined), {
    error: 'write either without or faults',
  })
  .refine((one) => one.faults === undefined || one.name !== undefined, { error: 'write a name for these faults' });

const person = { by: text.meta({ description: 'A name' }) };

export const capacityShape = z.strictObject({
  title: text,
  topology: z.union([text, z.array(text).min(1)]).meta({ description: 'Compose files, relative to this file' }),
  workload: text.meta({ description: 'A workload file, relative to this file' }),
  timeout: positive.default(5_000).meta({ description: 'A request without an answer after this time is a failure' }),
  targets,
  search: search.prefault({}),
  cells: z.array(cell).default([]),
  cell_for: positive.default(360_000).meta({ description: 'How long one cell may take, 6m at most' }),
  most: positive.default(4_500_000).meta({ description: 'How long everything may take' }),
  experiments: z.array(text).default([]).meta({ description: 'Experiments that must PASS, relative to this file' }),
  seed: z.int().min(0).max(4_294_967_295).default(42),
  valid_days: z.number().positive().max(400).default(90),
  signer: text.optional().meta({ description: 'Who signs, for the report' }),
  production_like: z
    .strictObject({ ...person, because: text })
    .optional()
    .meta({
      description: 'Who declares that this environment is like production, and why. Without it only ratios are signed',
    }),
  waivers: z
    .array(z.strictObject({ of: text.meta({ description: 'A cell or an experiment' }), ...person, reason: text }))
    .default([]),
  growth: text.optional().meta({ description: 'CSV with a date and a demand in each line: when does the margin end?' }),
});

export type CapacityFile = z.output<typeof capacityShape>;

/** Returns the JSON Schema of capacity files, for editors. */
export const capacitySchema = (): unknown => inputSchema(capacityShape);

import { z } from 'zod';
import type { Check } from '../core/check.ts';
import type { Fault } from '../core/fault.ts';
import { duration } from '../core/schema.ts';
import { loadShape } from './load.ts';

const phases = z
  .strictObject({
    warmup: duration.default(5_000).meta({ description: 'Load without judgement' }),
    baseline: duration.meta({ description: 'The steady state before the fault' }),
    fault: duration.meta({ description: 'The fault is in force' }),
    heal: duration
      .default(60_000)
      .meta({ description: 'Deadline for healing; the phase ends when the system is well' }),
    recovery: duration.meta({ description: 'After healing' }),
  })
  .meta({ examples: [{ baseline: '20s', fault: '30s', recovery: '20s' }] });

const timing = {
  at: duration.default(0).meta({ description: 'After the fault phase began' }),
  for: duration
    .refine((ms) => ms > 0, { error: 'write more than nothing: 5s' })
    .optional()
    .meta({ description: 'How long; default: until the fault phase ends' }),
};

const lasting = {
  for: duration
    .default(5_000)
    .meta({ description: 'So long must it hold before the run ends; default: 5s', examples: ['20s'] }),
};

/** One map with one key, the name; each kind with its own strict parameters. */
function oneOf(
  kinds: readonly {
    readonly name: string;
    readonly summary: string;
    readonly example: unknown;
    readonly schema: z.ZodType;
  }[],
  what: string,
) {
  const shape = Object.fromEntries(
    kinds.map(({ name, summary, example, schema }) => [
      name,
      schema.optional().meta({ description: summary, examples: [example] }),
    ]),
  );
  const [first] = kinds;
  return z
    .strictObject(shape)
    .superRefine((value, ctx) => {
      const keys = Object.keys(value);
      if (keys.length === 1) return;
      const message =
        keys.length === 0
          ? `a ${what} is a map with one key, its name`
          : `one ${what} an item: this one has ${keys.join(' and ')}`;
      ctx.addIssue({ code: 'custom', message });
    })
    .meta({
      minProperties: 1,
      maxProperties: 1,
      examples: first === undefined ? [] : [{ [first.name]: first.example }],
    });
}

/** The shape of an experiment file, from the faults and checks that there are. */
export function experimentShape(faults: readonly Fault[], checks: readonly Check[]) {
  const faultKinds = faults.map(({ name, summary, example, params }) => ({
    name,
    summary,
    example,
    // A fault's parameters are a strict object by contract: the laws try it with a key that it does not know.
    schema: (params as z.ZodObject).safeExtend(timing),
  }));
  const checkKinds = checks.map(({ name, summary, example, params }) => ({ name, summary, example, schema: params }));
  const stopKinds = checks.flatMap(({ name, summary, stopIf }) =>
    stopIf === undefined
      ? []
      : [{ name, summary, example: stopIf.example, schema: (stopIf.params as z.ZodObject).safeExtend(lasting) }],
  );
  return z.strictObject({
    title: z.string().min(1).meta({ description: 'What is believed, in one sentence' }),
    tags: z.array(z.string()).default([]),
    topology: z
      .union([z.string(), z.array(z.string()).min(1)])
      .meta({ description: 'A compose file, or several laid over each other, relative to this file' }),
    load: loadShape,
    phases,
    faults: z.array(oneOf(faultKinds, 'fault')).min(1, { error: 'an experiment has at least one fault' }),
    hypotheses: z
      .array(oneOf(checkKinds, 'hypothesis'))
      .min(1, { error: 'an experiment has at least one hypothesis: without one it proves nothing' }),
    stop_if: z
      .array(oneOf(stopKinds, 'stop condition'))
      .default([])
      .meta({ description: 'From the baseline on: what ends the run before its time, with everything put back' }),
    seed: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .default(42)
      .meta({ description: 'The same seed gives the same arrivals and the same choices' }),
  });
}

export type ExperimentFile = z.output<ReturnType<typeof experimentShape>>;

/** JSON Schema (draft 7, which editors read) of experiment files. */
export const experimentSchema = (faults: readonly Fault[], checks: readonly Check[]): unknown =>
  z.toJSONSchema(experimentShape(faults, checks), {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    // zod leaves examples out wherever a value is transformed, as every duration is: ours are of the input.
    override({ zodSchema, jsonSchema }) {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });

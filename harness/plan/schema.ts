import { z } from 'zod';
import type { Check } from '../core/check.ts';
import type { Fault } from '../core/fault.ts';
import { duration } from '../core/schema.ts';
import { loadShape } from './load.ts';
import { goesOn, waitShape } from './wait.ts';

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
  at: duration
    .default(0)
    .meta({ description: 'After its turn: when the fault phase began, or in a sequence the step before it ended' }),
  for: duration
    .refine((ms) => ms > 0, { error: 'write more than nothing: 5s' })
    .optional()
    .meta({ description: 'How long; default: until the fault phase ends' }),
  continue_on_failure: goesOn(
    'When it cannot be injected, the other steps go on all the same; the run cannot pass then',
  ),
};

const lasting = {
  for: duration
    .default(5_000)
    .meta({ description: 'So long must it hold before the run ends; default: 5s', examples: ['20s'] }),
};

/** Rounds of everything that a repeat holds, repeats within repeats multiplied. */
export const MOST_ROUNDS = 100;

/** What a step of the fault phase may be beside a fault. */
function flowKinds(step: z.ZodType) {
  const steps = z.array(step).min(1, { error: 'write at least one step' });
  const refuse = { refuse: { link: 'app-to-redis', for: '3s' } };
  return [
    {
      name: 'sequence',
      summary: 'Steps one after another: a fault with `for` ends when it is healed, one without when it is in force.',
      example: [refuse, { kill: { service: 'app', replica: 1, at: '2s' } }],
      schema: steps,
    },
    {
      name: 'parallel',
      summary: 'Steps side by side, as those of the list `faults` are; ends with the last of them.',
      example: [refuse, { kill: { service: 'app', replica: 1, for: '5s' } }],
      schema: steps,
    },
    {
      name: 'repeat',
      summary: 'Steps in sequence, again and again; each round is injected, proven and healed for itself.',
      example: { times: 3, every: '8s', steps: [refuse] },
      schema: z.strictObject({
        times: z.int().min(2).max(MOST_ROUNDS).meta({ description: 'How many rounds' }),
        every: duration
          .default(0)
          .meta({ description: 'From the beginning of a round to that of the next; default: when it has ended' }),
        steps,
      }),
    },
    {
      name: 'wait',
      summary: 'Until a condition holds. When its deadline passes, the phase ends and the run is INCONCLUSIVE.',
      example: { role: { of: 'postgres', becomes: 'primary' }, within: '20s' },
      schema: waitShape,
    },
  ];
}

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
  const step: z.ZodType = z.lazy(() => oneOf([...faultKinds, ...flowKinds(step)], 'fault'));
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
    faults: z.array(step).min(1, { error: 'an experiment has at least one fault' }),
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

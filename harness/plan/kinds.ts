import { z } from 'zod';
import type { Check } from '../core/check.ts';
import type { Fault } from '../core/fault.ts';
import { duration } from '../core/schema.ts';
import type { Stopping } from '../core/stop-rule.ts';
import { goesOn, waitShape } from './wait.ts';

/** A key of an experiment's lists, and what stands under it. */
export interface Kind {
  readonly name: string;
  readonly summary: string;
  readonly example: unknown;
  readonly schema: z.ZodType;
}

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

const lasting = (ms: number) => ({
  for: duration.default(ms).meta({
    description: `So long must it hold before the run ends; default: ${ms / 1_000}s`,
    examples: ['20s'],
  }),
});

/** Rounds of everything that a repeat holds, repeats within repeats multiplied. */
export const MOST_ROUNDS = 100;

/** What a step of the fault phase may be beside a fault. */
function flowKinds(step: z.ZodType): readonly Kind[] {
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
function oneOf(kinds: readonly Kind[], what: string) {
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

/** Everything that may stand in an experiment's lists, and the shape of one item of each. */
export function kindsOf(faults: readonly Fault[], checks: readonly Check[], metrics: readonly Stopping[]) {
  const faultKinds = faults.map(({ name, summary, example, params }): Kind => ({
    name,
    summary,
    example,
    // A fault's parameters are a strict object by contract: the laws try it with a key that it does not know.
    schema: (params as z.ZodObject).safeExtend(timing),
  }));
  const step: z.ZodType = z.lazy(() => oneOf([...faultKinds, ...flow], 'fault'));
  const flow = flowKinds(step);
  const checkKinds = checks.map(({ name, summary, example, params }): Kind => ({
    name,
    summary,
    example,
    schema: params,
  }));
  const hypothesis = oneOf(checkKinds, 'hypothesis');
  const stopKinds = [...checks, ...metrics].flatMap(({ name, summary, stopIf }): readonly Kind[] => {
    if (stopIf === undefined) return [];
    const { params, example, grace = 5_000 } = stopIf;
    return [{ name, summary, example, schema: (params as z.ZodObject).safeExtend(lasting(grace)) }];
  });
  const stop = oneOf(stopKinds, 'stop condition');
  return { faults: faultKinds, steps: flow, checks: checkKinds, stops: stopKinds, step, hypothesis, stop };
}

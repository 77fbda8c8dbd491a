import { z } from 'zod';
import type { Series } from '../../core/kinds/series.ts';
import { duration } from '../../kit/schema.ts';
import { limitedSeries } from '../../kit/series/params.ts';
import { otherRate } from '../load/load.ts';
import { inputSchema } from '../schema.ts';

const sentence = (description: string) => z.string().trim().min(1).meta({ description });
const names = (description: string) => z.array(z.string().trim().min(1)).default([]).meta({ description });
const none = z.literal('none');

/** Names are those of an inject in the record, and never seen by responders before it is revealed. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'write small letters, digits and hyphens: redis-gone' })
  .meta({ description: 'The name of the inject, unique in its game day', examples: ['redis-gone'] });

const since = (description: string) =>
  duration.optional().meta({
    description: `${description}, counted from the moment at which the failure is in force`,
    examples: ['5m'],
  });

const expected = z
  .strictObject({
    alert: z
      .union([
        none,
        z.strictObject({
          name: sentence('The name of the alert that fires first'),
          within: duration.meta({ description: 'How soon it fires', examples: ['60s'] }),
        }),
      ])
      .meta({
        description: 'The alert that tells of the failure; none: no alert does',
        examples: [{ name: 'NoPrimary', within: '60s' }],
      }),
    person: sentence('Who notices or is called: whoever is on call'),
    runbook: z.union([none, name]).meta({
      description: 'The runbook that helps: its file without .md; none: there is none',
      examples: ['redis-full'],
    }),
    seen: since('Somebody says "I see it"'),
    understood: since('Somebody says "I understand it"'),
    mitigated: since('Somebody says "mitigated"'),
    healthy: since('The users are served again'),
  })
  .meta({ description: 'What should happen. Without it nobody can say what was learnt' });

const failure = {
  experiment: z
    .string()
    .min(1)
    .meta({
      description: 'The experiment that is run: its topology, load, faults and hypotheses. Relative to the game day',
      examples: ['../redis-loss.yaml'],
    }),
  title: sentence('What is tried, in one sentence; default: the title of the experiment').optional(),
  rate: otherRate('The load of the experiment'),
  faults: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .optional()
    .meta({
      description: "Steps instead of the experiment's own, as an experiment writes them",
      examples: [[{ stop: { service: 'redis' } }]],
    }),
  hypotheses: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .optional()
    .meta({
      description: "What must hold instead of the experiment's own hypotheses, as an experiment writes them",
      examples: [[{ errors: { below: '0.1%', during: ['recovery'] } }]],
    }),
  brief: sentence('What the facilitator should know; nobody else reads it').optional(),
};

const choice = z.strictObject({ ...failure, experiment: failure.experiment, expect: expected });

const inject = z
  .strictObject({
    inject: name,
    shown: z.enum(['announced', 'hidden', 'drawn']).default('announced').meta({
      description:
        'announced: everybody knows; hidden: only the facilitator; drawn: hidden, and one of `one_of` by the seed',
    }),
    ...failure,
    experiment: failure.experiment.optional(),
    expect: expected.optional(),
    one_of: z.array(choice).min(2).optional().meta({ description: 'Of which the seed draws one' }),
    time: duration.meta({ description: 'How long the failure is in force', examples: ['8m'] }),
    most: duration.optional().meta({
      description: 'How long it is in force at most, with every extension; default: twice the time',
      examples: ['15m'],
    }),
  })
  .refine(({ shown, one_of: drawn }) => (shown === 'drawn') === (drawn !== undefined), {
    error: 'write `one_of` with at least two choices for `shown: drawn`, and for nothing else',
  })
  .refine((one) => (one.one_of === undefined) !== (one.experiment === undefined), {
    error: 'write an experiment; of a drawn inject, one in each choice of `one_of`',
  })
  .refine((one) => (one.one_of === undefined) !== (one.expect === undefined), {
    error: 'write what is expected (`expect`); of a drawn inject, in each choice of `one_of`',
  })
  .refine(
    ({ one_of: drawn, rate, faults, hypotheses, title, brief }) =>
      drawn === undefined || [rate, faults, hypotheses, title, brief].every((one) => one === undefined),
    {
      error: 'write title, rate, faults, hypotheses and brief of a drawn inject in each choice of `one_of`',
    },
  )
  .refine(({ time, most }) => most === undefined || most >= time, { error: 'write `most` at least as long as `time`' });

/** The form of a game day. The stop conditions are read with the experiments, whose form they have. */
export const gamedayShape = (series: readonly Series[]) =>
  z.strictObject({
    title: z.string().trim().min(1),
    length: duration.meta({ description: 'How long the whole day is planned', examples: ['90m'] }),
    seed: z.int().min(0).max(4_294_967_295).default(42).meta({ description: 'Draws what `one_of` leaves open' }),
    people: z
      .strictObject({
        facilitator: z
          .array(z.string().trim().min(1))
          .min(1)
          .meta({ description: 'Who breaks things, and does not repair them' }),
        responder: z.array(z.string().trim().min(1)).min(1).meta({ description: 'Who repairs them' }),
        scribe: names('Who writes down what happens, and does nothing else'),
        observer: names('Who watches'),
      })
      .meta({ description: 'Who takes part, by role', examples: [{ facilitator: ['Ana'], responder: ['Ben'] }] }),
    abort: z
      .strictObject({
        owner: sentence('Who says the word'),
        machines: z
          .array(z.record(z.string(), z.unknown()))
          .min(1)
          .meta({
            description: 'Conditions that end an inject at once, as `stop_if` of an experiment',
            examples: [[{ errors: { above: '80%', for: '20s' } }]],
          }),
        people: z
          .array(z.string().trim().min(1))
          .min(1)
          .meta({
            description: 'Conditions that people watch',
            examples: [['A customer calls']],
          }),
      })
      .meta({ description: 'When the game day is ended early, and by whom' }),
    healthy: z
      .array(limitedSeries(series, {}))
      .min(1)
      .meta({
        description: 'What users have of a sound system; healthy again is counted by it',
        examples: [[{ name: 'error_share', below: '1%' }]],
      }),
    monitoring: z.boolean().optional().meta({
      description: "Whether the topology's own Prometheus watches every inject; default: as each experiment says",
    }),
    preflight: duration.default(20_000).meta({
      description:
        'How long the sound system is measured before the day begins, and longer when a hypothesis needs it; default: 20s',
      examples: ['20s'],
    }),
    sheet: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: "The facilitator's sheet: Markdown, relative to the game day",
        examples: ['saturday-morning.md'],
      }),
    agenda: z.array(inject).min(1),
    test_again: z
      .array(
        z.strictObject({
          found: sentence('What an earlier game day found'),
          from: sentence('That game day: its day, or the name of its folder'),
          inject: name,
        }),
      )
      .default([])
      .meta({ description: 'Findings of earlier game days, each with the inject that tries it again' }),
  });

export type GamedayFile = z.output<ReturnType<typeof gamedayShape>>;
export type InjectFile = GamedayFile['agenda'][number];
export type ChoiceFile = NonNullable<InjectFile['one_of']>[number];

/** Returns the JSON Schema of game days, for editors. */
export const gamedaySchema = (series: readonly Series[]): unknown => inputSchema(gamedayShape(series));

import { z } from 'zod';
import { isZone } from '../../core/suite/blackout.ts';
import { duration } from '../../kit/schema.ts';
import { inputSchema } from '../schema.ts';

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Returns minutes since midnight: 570 for "09:30". */
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const timeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'write hours and minutes in quotes: "09:30", "24:00"' })
  .transform(minutes);

const why = z.string().min(1).meta({ description: 'The reason, for whoever reads the summary' });

const never = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .meta({ description: 'Days of the week', examples: [['sat']] }),
    from: timeOfDay.default(0).meta({ description: 'Default: "00:00"', examples: ['09:30'] }),
    to: timeOfDay.default(1_440).meta({ description: 'Default: "24:00"', examples: ['18:00'] }),
    zone: z
      .string()
      .refine(isZone, { error: 'write the name of a time zone: Europe/London, UTC' })
      .meta({ description: 'The time zone in which the days and times are meant', examples: ['Europe/London'] }),
    why,
  })
  .refine(({ from, to }) => from < to, { error: 'write a "to" after "from"; a night is two entries' });

const value = z.union([z.string(), z.number(), z.boolean()]);
const settings = (description: string) =>
  z.record(z.string(), value).meta({ description, examples: [{ 'phases.fault': '30s' }] });

const again = z.int().min(0).max(9).meta({
  description: 'How often an experiment is asked again that did not pass. A later PASS makes it unstable, never passed',
});

const gaps = z
  .strictObject({
    minutes: z
      .number()
      .positive()
      .max(1_440)
      .meta({ description: 'How many minutes the planned experiments may take together', examples: [30] }),
    like: z
      .string()
      .optional()
      .meta({
        description:
          'The experiment whose topology, load, phases and limits a generated one takes over, relative to the suite',
        examples: ['../redis-loss.yaml'],
      }),
  })
  .meta({
    description:
      'Experiments that fill gaps of `chaos coverage`, the most valuable first; one is generated for a gap that has none',
    examples: [{ minutes: 30 }],
  });

/** The keys that an entry may have beside `gaps` or `actions`. */
const WITH_GAPS = ['gaps', 'actions', 'again'];

const entry = z
  .strictObject({
    file: z
      .string()
      .optional()
      .meta({ description: 'An experiment file, relative to the suite', examples: ['../redis-loss.yaml'] }),
    tag: z
      .string()
      .optional()
      .meta({
        description: 'Every experiment beside the folder of the suite that has this tag',
        examples: ['nightly'],
      }),
    gaps: gaps.optional(),
    actions: z
      .literal('due')
      .optional()
      .meta({
        description:
          'Experiments beside the folder of the suite that will show whether actions of game days are done whose date has come',
        examples: ['due'],
      }),
    set: settings('Values that replace those of the experiment, as with --set').default({}),
    with: z
      .record(z.string(), z.array(value).min(1))
      .default({})
      .meta({ description: 'One run for each combination of these values', examples: [{ rate: ['278/s', '400/s'] }] }),
    environment: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: 'Variables of the compose file, for a topology with a defect' }),
    again: again.optional(),
    expect: z
      .strictObject({ fail: z.string().min(1).meta({ description: 'A part of the name of the check that must fail' }) })
      .optional()
      .meta({ description: 'A control: with its defect the experiment must FAIL, and by this check' }),
  })
  .refine(
    ({ file, tag, gaps, actions }) => [file, tag, gaps, actions].filter((one) => one !== undefined).length === 1,
    {
      error: 'write either a file or a tag, or gaps, or actions',
    },
  )
  .refine(
    (one) =>
      (one.gaps === undefined && one.actions === undefined) || saidBy(one).every((key) => WITH_GAPS.includes(key)),
    {
      error: 'beside gaps or actions only `again` may be written: what is run is planned and not chosen',
    },
  );

/** The keys of an entry that say something. */
const saidBy = (one: object): string[] =>
  Object.entries(one).flatMap(([key, value]: [string, unknown]) =>
    value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0) ? [] : [key],
  );

export const suiteShape = z.strictObject({
  title: z.string().min(1),
  budget: duration.optional().meta({ description: 'No run begins that would end after this time', examples: ['10m'] }),
  seed: z.int().min(0).max(4_294_967_295).default(42).meta({ description: 'Draws the order of the experiments' }),
  order: z
    .enum(['seeded', 'written'])
    .default('seeded')
    .meta({ description: 'seeded: drawn by the seed, so that no experiment always follows the same one' }),
  again: again.default(0),
  most_failures: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'After so many experiments that failed, no other begins' }),
  never: z.array(never).default([]).meta({ description: 'When no run may go on' }),
  quarantine: z
    .array(
      z.strictObject({
        experiment: z.string().meta({ description: 'The name of the experiment: its file without .yaml' }),
        since: z.iso.date().meta({ description: 'The day on which it began', examples: ['2026-11-30'] }),
        why,
      }),
    )
    .default([])
    .meta({ description: 'Experiments that run and do not decide the verdict, for 14 days' }),
  experiments: z
    .array(entry)
    .min(1)
    .refine((all) => all.filter(({ gaps }) => gaps !== undefined).length <= 1, {
      error: 'write gaps once, with the minutes of all: the same gaps would be planned twice',
    }),
});

export type SuiteFile = z.output<typeof suiteShape>;
export type SuiteFileEntry = SuiteFile['experiments'][number];

/** Returns the JSON Schema of suite files, for editors. */
export const suiteSchema = (): unknown => inputSchema(suiteShape);

/** The number of a weekday as JavaScript has it: 0 is Sunday. */
export const weekday = (day: SuiteFile['never'][number]['days'][number]): number => WEEKDAYS.indexOf(day);

import { z } from 'zod';
import type { ErrorCode } from '../../core/errors.ts';
import type { NamedSeries } from '../../core/plan/plan.ts';
import type { Limited } from '../../core/kinds/limit.ts';
import type { Series } from '../../core/kinds/series.ts';
import { editorRules } from './editor.ts';
import { UNIT_NAMES, unitWritten, WRITTEN } from './units.ts';

const limit = (side: 'above' | 'below') =>
  z
    .union([z.string(), z.number()])
    .optional()
    .meta({
      description: `The limit, in the unit of the series: the value is ${side} it`,
      examples: ['90%', '2s', 500],
    });

const nameOf = (series: readonly Series[]) =>
  z
    .enum(series.map(({ name }) => name))
    .meta({ description: 'A series: `chaos explain` lists them', examples: ['cpu'] });

const of = z
  .string()
  .optional()
  .meta({
    description:
      'Whose figure it is: a service, a group, a container, a cache layer; for promql the expression. Left out for a series of one figure',
    examples: ['app'],
  });

/** What is wrong with a value. `plan/source/issues.ts` makes the problem: "<path> <what>", and the hint. */
interface Fault {
  readonly key: string;
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

type Report = (fault: Fault) => void;

/** Returns a function that tells zod what is wrong. `value` is the map with the mistake. */
const reporter =
  (issues: z.core.$ZodRawIssue[], value: Readonly<Record<string, unknown>>): Report =>
  ({ key, code, what, hint }) =>
    void issues.push({
      code: 'custom',
      message: hint,
      params: { code, what },
      ...(code === 'CHAOS_WRONG_VALUE' && key === '' ? {} : { path: [key] }),
      input: value[key],
      continue: false,
    });

const unit = z
  .enum(UNIT_NAMES)
  .optional()
  .meta({
    description: 'For promql: the unit of the values, which Prometheus gives in seconds, bytes or shares of one',
    examples: ['duration'],
  });

/** Returns the schema of a named series without a limit, for charts: `{ name, of, unit }`. `of` may always be left out. */
export const namedSeries = (series: readonly Series[]) =>
  z
    .strictObject({ name: nameOf(series), of, unit })
    .meta(editorRules(series, false))
    .transform((given, ctx): NamedSeries => {
      const report = reporter(ctx.issues, given);
      const found = series.find(({ name }) => name === given.name);
      if (found === undefined) return given;
      checkOf(found, given.of, report);
      if (given.unit !== undefined && found.in === undefined) fixedUnit(found, report);
      return given;
    });

/**
 * Returns the schema of a series with its limit, `{ name, of, above | below }`, and with the keys in `more`. The limit
 * becomes a number in the unit of the series.
 */
export const limitedSeries = <S extends z.ZodRawShape>(series: readonly Series[], more: S) =>
  z
    .strictObject({ name: nameOf(series), of, above: limit('above'), below: limit('below'), ...more })
    .meta(editorRules(series, true))
    .transform((value, ctx) => {
      const given = value as typeof value &
        Readonly<Record<'above' | 'below', string | number | undefined>> &
        NamedSeries;
      const report = reporter(ctx.issues, given);
      const found = series.find(({ name }) => name === given.name);
      if (found === undefined) return z.NEVER;
      if (given.of === undefined && found.of !== undefined) missingOf(found, report);
      checkOf(found, given.of, report);
      if (found.in === undefined) return { ...given, ...limitsOf(found, given, report) };
      const unit = unitWritten(given.above ?? given.below);
      return { ...given, unit, ...limitsOf(found.in(unit), given, report) };
    });

const fixedUnit = ({ name, unit }: Series, report: Report): void =>
  report({
    key: 'unit',
    code: 'CHAOS_UNKNOWN_KEY',
    what: 'is not a key of this series',
    hint: `leave it out: ${name} is always a ${unit}`,
  });

/** Returns an example of `of` for a series. */
const exampleOf = ({ example }: Series): string => example.of ?? '';

const missingOf = (series: Series, report: Report): void =>
  report({
    key: 'of',
    code: 'CHAOS_MISSING_KEY',
    what: 'is missing',
    hint: `write of: ${exampleOf(series)}, or another name that ${series.name} has`,
  });

function checkOf({ name, of: selection }: Series, of: string | undefined, report: Report): void {
  if (of === undefined) return;
  if (selection === undefined) {
    const hint = `leave it out: ${name} is one figure`;
    report({ key: 'of', code: 'CHAOS_UNKNOWN_KEY', what: 'is not a key of this series', hint });
    return;
  }
  const { error } = selection.schema.safeParse(of);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return;
  const hint = issue.code === 'invalid_value' ? `write one of ${issue.values.join(', ')}` : issue.message;
  // A selection that is more than a name says itself what is wrong.
  const own = (issue.code === 'custom' ? (issue.params ?? {}) : {}) as Partial<Pick<Fault, 'code' | 'what'>>;
  const usual = { code: 'CHAOS_WRONG_VALUE', what: `cannot be ${JSON.stringify(of)}` } as const;
  report({ key: 'of', ...usual, ...own, hint });
}

function limitsOf(
  { unit, example, in: any }: Series,
  given: Readonly<Record<'above' | 'below', string | number | undefined>>,
  report: Report,
): Pick<Limited, 'above' | 'below'> {
  const sides = (['above', 'below'] as const).filter((side) => given[side] !== undefined);
  const [side] = sides;
  if (side === undefined || sides.length > 1) {
    const like = example.above === undefined ? `below: ${example.below}` : `above: ${example.above}`;
    const hint = `write one of above and below, for example ${like}`;
    report({ key: '', code: 'CHAOS_WRONG_VALUE', what: 'is not valid', hint });
    return {};
  }
  const { limit, how } = WRITTEN[unit];
  const { data, error } = limit.safeParse(given[side]);
  if (data !== undefined) return { above: undefined, below: undefined, [side]: data };
  const [issue] = error?.issues ?? [];
  const shown = JSON.stringify(given[side]);
  if (issue?.code === 'custom' || issue?.code === 'too_small') {
    report({ key: side, code: 'CHAOS_WRONG_VALUE', what: `is not valid: ${shown}`, hint: issue.message });
  } else {
    report({
      key: side,
      code: 'CHAOS_WRONG_UNIT',
      what: `is not in the unit of the series: ${shown}`,
      hint: any === undefined ? `write ${how}` : 'write a number, or 200ms, 1%, 64KB, 100/s or 2MB/s',
    });
  }
  return {};
}

import type { core, z } from 'zod';
import type { ErrorCode } from '../../core/errors.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { redact } from '../../core/text/redact.ts';
import { type Expected, expectedAt } from '../keys.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import { placeOf, type Source, valueOf } from './source.ts';
import { didYouMean, nearest } from '../../kit/suggest.ts';
import { onlyAfter, seriesAsKey, unknownSeries } from './misplaced.ts';
import { secondWord } from './second-words.ts';
import { valueAt } from './value-at.ts';

type Issue = core.$ZodIssue;

/** Unknown keys of one map that are reported at most. A map with more is probably another kind of file. */
const MOST_KEYS = 20;

/** A problem and the path of the value that has it. */
export interface PathProblem {
  readonly path: Path;
  readonly problem: Problem;
}

const KIND: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  boolean: 'true or false',
};

/**
 * Returns a problem for each issue that a schema found, with its place. Leaves out an issue that only follows from
 * another. `value`: the value that the schema checked.
 */
export function problemsOf(
  issues: readonly Issue[],
  source: Source,
  schema: z.ZodType,
  value: unknown = valueOf(source),
): PathProblem[] {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.slice(0, MOST_KEYS).map((key) => ({ at: pathOf(issue), key })) : [],
  );
  const follows = (issue: Issue): boolean => {
    const path = pathOf(issue);
    if (issue.code === 'custom' && unknown.some((u) => same(u.at, path))) return true;
    if ((issue.code !== 'invalid_type' && issue.code !== 'custom') || valueAt(value, path) !== undefined) return false;
    // Example: the file has the key "baselin" and not "baseline". This is one mistake, so only the unknown key is reported.
    const missing = String(path.at(-1));
    return unknown.some(
      (u) => same(u.at, path.slice(0, -1)) && meant(u.key, expectedAt(schema, u.at).keys) === missing,
    );
  };
  return issues.filter((issue) => !follows(issue)).flatMap((issue) => ofIssue(issue, source, schema, value));
}

function ofIssue(issue: Issue, source: Source, schema: z.ZodType, value: unknown): PathProblem[] {
  const path = pathOf(issue);
  const expected = expectedAt(schema, path);
  const name = path.length === 0 ? 'the file' : `"${pathText(path)}"`;
  const one = (code: ErrorCode, message: string, hint: string): PathProblem[] => [
    { path, problem: { file: source.file, severity: 'error', ...placeOf(source, path), code, message, hint } },
  ];
  if (issue.code === 'unrecognized_keys') {
    const { code, what } = unknownKind(path);
    const judgedAfter = path[0] === 'stop_if' && path.length === 2 ? expectedAt(schema, ['hypotheses', 0]).keys : [];
    const series = path.length === 2 ? expectedAt(schema, [...path, 'series', 'name']).options : [];
    return issue.keys.slice(0, MOST_KEYS).map((key) => {
      const message = `unknown ${what} ${JSON.stringify(what === 'key' ? pathText([...path, key]) : key)}`;
      const place = placeOf(source, path, key);
      if (series.includes(key)) {
        const old = seriesAsKey({ file: source.file, ...place }, key, valueAt(value, [...path, key]));
        return { path: [...path, key], problem: old };
      }
      if (judgedAfter.includes(key))
        return { path: [...path, key], problem: onlyAfter({ file: source.file, ...place }, key, expected.keys) };
      return {
        path: [...path, key],
        problem: {
          file: source.file,
          severity: 'error',
          ...place,
          code,
          message,
          hint: secondWord(key, expected.keys)?.hint ?? didYouMean(key, expected.keys),
        },
      };
    });
  }
  const found = valueAt(value, path);
  const wanted = wantedBy(issue);
  if (wanted !== undefined) {
    if (found === undefined)
      return one(
        'CHAOS_MISSING_KEY',
        `${name} is missing`,
        `Write ${pathEnd(path)}: ${sample(expected, wanted)}.${described(expected)}`,
      );
    if (typeof found === 'number' && quantities(expected).length > 0) {
      const written = quantities(expected).map((example) => example.replace(/^[\d.]+/, String(found)));
      return one(
        'CHAOS_WRONG_UNIT',
        `${name} is the bare number ${found}: its unit is missing`,
        `Write ${written.join(' or ')}.${described(expected)}`,
      );
    }
    return one(
      'CHAOS_WRONG_TYPE',
      `${name} must be ${wanted}, not ${shown(found)}`,
      `Write ${sample(expected, wanted)}.${described(expected)}`,
    );
  }
  if (issue.code === 'invalid_format' && quantities(expected).length > 0) {
    return one(
      'CHAOS_WRONG_UNIT',
      `${name} is not a quantity with its unit: ${shown(found)}`,
      `Write ${issue.message.replace(/^write /, '')}.`,
    );
  }
  if (issue.code === 'invalid_value' && found === undefined) {
    const wanted = sample(expected, issue.values.map(String).join(' | '));
    return one('CHAOS_MISSING_KEY', `${name} is missing`, `Write ${pathEnd(path)}: ${wanted}.${described(expected)}`);
  }
  if (issue.code === 'invalid_value') {
    if (path.at(-2) === 'series' && path.at(-1) === 'name') {
      const hint = didYouMean(String(found), expected.options);
      return [{ path, problem: unknownSeries({ file: source.file, ...placeOf(source, path) }, found, hint) }];
    }
    return one(
      'CHAOS_WRONG_VALUE',
      `${name} cannot be ${shown(found)}`,
      didYouMean(String(found), issue.values.map(String)),
    );
  }
  // The schema of a series has rules that depend on other keys. Such a rule brings its own code and message.
  const { code, what } = (issue.code === 'custom' ? (issue.params ?? {}) : {}) as { code?: ErrorCode; what?: string };
  if (code !== undefined && what !== undefined) return one(code, `${name} ${what}`, sentence(issue.message));
  return one(
    'CHAOS_WRONG_VALUE',
    `${name} is not valid${typeof found === 'object' ? '' : `: ${shown(found)}`}`,
    sentence(issue.message),
  );
}

/** Returns the known key that an unknown key stands for. */
const meant = (key: string, known: readonly string[]): string | undefined =>
  secondWord(key, known)?.key ?? nearest(key, known);

/** Returns the kind of value that is expected, when the issue is about the kind. */
function wantedBy(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return KIND[issue.expected] ?? issue.expected;
  return issue.code === 'invalid_union' && issue.message === 'Invalid input' ? 'a text or a list' : undefined;
}

function unknownKind(path: Path): { code: ErrorCode; what: string } {
  if (path[0] === 'faults' && typeof path.at(-1) === 'number') return { code: 'CHAOS_UNKNOWN_FAULT', what: 'fault' };
  if (path.length === 2 && path[0] === 'hypotheses') return { code: 'CHAOS_UNKNOWN_CHECK', what: 'hypothesis' };
  if (path.length === 2 && path[0] === 'stop_if') return { code: 'CHAOS_UNKNOWN_CHECK', what: 'stop condition' };
  return { code: 'CHAOS_UNKNOWN_KEY', what: 'key' };
}

const pathOf = (issue: Issue): Path => issue.path.filter((step): step is string | number => typeof step !== 'symbol');
const same = (a: Path, b: Path): boolean => a.length === b.length && a.every((step, i) => step === b[i]);
const pathEnd = (path: Path): string => String(path.at(-1) ?? 'it');

/** "faults[0].kill.service" */
export const pathText = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

/** Examples that are numbers with a unit, one for each unit. */
const quantities = ({ examples }: Expected): readonly string[] =>
  examples.filter((e): e is string => typeof e === 'string' && /^\d/.test(e));

const sample = ({ examples }: Expected, wanted: string): string => (examples.length === 0 ? wanted : flow(examples[0]));
const described = ({ description }: Expected): string => (description === undefined ? '' : ` ${sentence(description)}`);

/** Returns a value on one line, as YAML. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${flow(item)}`)
    .join(', ')} }`;
}

/** Returns a value as text for a message, cut after 60 characters. */
function shown(found: unknown): string {
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map';
  const text = redact(JSON.stringify(found) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

import type { core, z } from 'zod';
import type { ErrorCode } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { redact } from '../core/redact.ts';
import { type Expected, expectedAt } from './keys.ts';
import { type Path, placeOf, type Source, valueOf } from './source.ts';
import { didYouMean, nearest } from './suggest.ts';

type Issue = core.$ZodIssue;

/** A map with more unknown keys than these is another kind of file. */
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

/** Problems of everything that a schema found, each at its own place; what only follows from another is left out. */
export function problemsOf(issues: readonly Issue[], source: Source, schema: z.ZodType): PathProblem[] {
  const value = valueOf(source);
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.slice(0, MOST_KEYS).map((key) => ({ at: pathOf(issue), key })) : [],
  );
  const follows = (issue: Issue): boolean => {
    const path = pathOf(issue);
    if (issue.code === 'custom') return unknown.some((u) => same(u.at, path));
    if (issue.code !== 'invalid_type' || valueAt(value, path) !== undefined) return false;
    // "baselin" is unknown and "baseline" is missing: one mistake.
    const missing = String(path.at(-1));
    return unknown.some(
      (u) => same(u.at, path.slice(0, -1)) && nearest(u.key, expectedAt(schema, u.at).keys) === missing,
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
    return issue.keys.slice(0, MOST_KEYS).map((key) => {
      const message = `unknown ${what} ${JSON.stringify(what === 'key' ? pathText([...path, key]) : key)}`;
      const place = placeOf(source, path, key);
      if (judgedAfter.includes(key))
        return { path: [...path, key], problem: onlyAfter(source.file, place, key, expected.keys) };
      return {
        path: [...path, key],
        problem: {
          file: source.file,
          severity: 'error',
          ...place,
          code,
          message,
          hint: didYouMean(key, expected.keys),
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
  if (issue.code === 'invalid_value') {
    return one(
      'CHAOS_WRONG_VALUE',
      `${name} cannot be ${shown(found)}`,
      didYouMean(String(found), issue.values.map(String)),
    );
  }
  return one(
    'CHAOS_WRONG_VALUE',
    `${name} is not valid${typeof found === 'object' ? '' : `: ${shown(found)}`}`,
    sentence(issue.message),
  );
}

/** A check that may stand under hypotheses, and not here. */
const onlyAfter = (file: string, place: object, key: string, known: readonly string[]): Problem => ({
  file,
  severity: 'error',
  ...place,
  code: 'CHAOS_JUDGED_AFTER',
  message: `"${key}" cannot stop a run: it can be judged only when the run is over`,
  hint: `Leave it under hypotheses. A run may be stopped by ${known.join(', ')}.`,
});

/** The kind of value that is wanted, where the issue is about that. */
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
const pathText = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

function valueAt(value: unknown, path: Path): unknown {
  let part = value;
  for (const step of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, step)) return undefined;
    part = (part as Record<string | number, unknown>)[step];
  }
  return part;
}

/** Examples that are numbers with a unit, one for each unit. */
const quantities = ({ examples }: Expected): readonly string[] =>
  examples.filter((e): e is string => typeof e === 'string' && /^\d/.test(e));

const sample = ({ examples }: Expected, wanted: string): string => (examples.length === 0 ? wanted : flow(examples[0]));
const described = ({ description }: Expected): string => (description === undefined ? '' : ` ${sentence(description)}`);

/** On one line, as YAML. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${flow(item)}`)
    .join(', ')} }`;
}

/** A value in a message, never long. */
function shown(found: unknown): string {
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map';
  const text = redact(JSON.stringify(found) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

import type { core } from 'zod';
import type { Problem } from '../core/problem.ts';
import { type Path, placeOf, type Source } from './source.ts';
import { didYouMean } from './suggest.ts';

type Issue = core.$ZodIssue;

/** Keys that a schema knows at a path, for suggestions. */
export type KeysAt = (path: Path) => readonly string[];

const KIND: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', object: 'a map', array: 'a list', boolean: 'true or false' };

/** Problems of one schema issue, each at its own place. */
export function problemsOf(issue: Issue, source: Source, keysAt: KeysAt): Problem[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  const name = path.filter((step) => typeof step === 'string').join('.');
  const at = (key?: string): Pick<Problem, 'file' | 'line' | 'column' | 'severity'> => ({
    file: source.file,
    severity: 'error',
    ...placeOf(source, path, key),
  });
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.map((key) => ({
      ...at(key),
      code: 'CHAOS_UNKNOWN_KEY',
      message: `unknown key "${name === '' ? key : `${name}.${key}`}"`,
      hint: didYouMean(key, known),
    }));
  }
  const found: unknown = source.doc.getIn(path);
  if (issue.code === 'invalid_type' && found === undefined) {
    const hint = `Write "${String(path.at(-1) ?? '')}: ..." (${KIND[issue.expected] ?? issue.expected}).`;
    return [{ ...at(), code: 'CHAOS_MISSING_KEY', message: `"${name}" is missing`, hint }];
  }
  if (issue.code === 'invalid_type') {
    const message = `"${name}" must be ${KIND[issue.expected] ?? issue.expected}, not ${JSON.stringify(found) ?? 'this'}`;
    return [{ ...at(), code: 'CHAOS_WRONG_TYPE', message, hint: unitHint(found, issue.expected) }];
  }
  const shown = typeof found === 'string' || typeof found === 'number' ? ` (here: ${JSON.stringify(found)})` : '';
  return [{ ...at(), code: 'CHAOS_WRONG_VALUE', message: `"${name}" is not valid${shown}`, hint: sentence(issue.message) }];
}

const unitHint = (found: unknown, expected: string): string =>
  typeof found === 'number' && expected === 'string' ? `A bare number has no unit: write ${found}s, ${found}ms or ${found}/s, as is meant.` : `Write ${KIND[expected] ?? expected}.`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

import { readFileSync, statSync } from 'node:fs';
import { type Document, isCollection, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { ErrorCode } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';

/** Far above any experiment that a person writes, far below what would hurt. */
const MOST_BYTES = 1_048_576;
const MOST_ALIASES = 20;

export type Path = readonly (string | number)[];

/** A YAML file with the places of its values. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly doc: Document.Parsed;
  readonly lines: LineCounter;
}

const problem = (file: string, code: ErrorCode, message: string, hint: string): Problem => ({ file, code, message, hint, severity: 'error' });

/** Reads and parses; nothing is trusted: not the size, not the encoding, not the nesting. Every syntax error with its place. */
export function readSource(file: string): Source | readonly Problem[] {
  const text = readText(file);
  if (typeof text !== 'string') return [text];
  return parseSource(file, text);
}

function readText(file: string): string | Problem {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) return problem(file, 'CHAOS_FILE_IS_DIRECTORY', 'this is a directory', 'Name a file in it, for example experiments/redis-loss.yaml.');
    if (!stat.isFile()) return problem(file, 'CHAOS_FILE_UNREADABLE', 'this is not a regular file', 'Name a YAML file.');
    if (stat.size > MOST_BYTES) {
      const size = `${(stat.size / 1_048_576).toFixed(1)} MiB`;
      return problem(file, 'CHAOS_FILE_TOO_LARGE', `the file has ${size}, and 1 MiB is the most`, 'Is this the right file? An experiment has some kilobytes.');
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) return problem(file, 'CHAOS_FILE_NOT_UTF8', 'the file is not UTF-8 text', 'Save it as UTF-8.');
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return missing
      ? problem(file, 'CHAOS_FILE_MISSING', 'there is no such file', 'Look at `ls experiments/`, or at the path that names it.')
      : problem(file, 'CHAOS_FILE_UNREADABLE', `the file cannot be read: ${(error as Error).message}`, 'Look at its permissions.');
  }
}

const HINTS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  TAB_AS_INDENT: ['CHAOS_YAML_TAB', 'Indent with spaces: YAML does not allow tabs.'],
  DUPLICATE_KEY: ['CHAOS_YAML_DUPLICATE_KEY', 'Keep one of the two: which would win is a guess.'],
  MULTIPLE_DOCS: ['CHAOS_YAML_DOCUMENTS', 'One experiment a file: remove the line with "---" and what follows.'],
};

export function parseSource(file: string, text: string): Source | readonly Problem[] {
  const lines = new LineCounter();
  let doc: Document.Parsed;
  try {
    doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch (error) {
    return [{ ...problem(file, 'CHAOS_YAML_SYNTAX', `this is not YAML that can be read: ${(error as Error).message}`, 'Is it nested too deeply?'), line: 1, column: 1 }];
  }
  const found = [...doc.errors, ...doc.warnings].map((error): Problem => {
    const { line, col } = lines.linePos(error.pos[0]);
    const tab = /tabs?/i.test(error.message) && text.slice(0, error.pos[1] + 1).includes('\t');
    const [code, hint] = HINTS[tab ? 'TAB_AS_INDENT' : error.code] ?? ['CHAOS_YAML_SYNTAX', 'Look at the indentation, quotes and colons at this place.'];
    return { ...problem(file, code as ErrorCode, firstLine(error.message), hint as string), line, column: col };
  });
  if (found.length > 0) return found;
  if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null)) {
    return [{ ...problem(file, 'CHAOS_FILE_EMPTY', 'the file holds nothing', 'Begin with a copy of experiments/redis-loss.yaml.'), line: 1, column: 1 }];
  }
  try {
    doc.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    const message = `aliases cannot be expanded: ${firstLine((error as Error).message)}`;
    return [{ ...problem(file, 'CHAOS_YAML_ALIASES', message, `Write the values out: at most ${MOST_ALIASES} aliases are expanded.`), line: 1, column: 1 }];
  }
  return { file, text, doc, lines };
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

/** 1-based place of a value, or of the nearest thing around it that has one; with `key`, of that key in it. */
export function placeOf({ doc, lines }: Source, path: Path, key?: string): { line: number; column: number } {
  let node: Node | null = doc.contents;
  let at = startOf(node);
  for (const step of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) at = keyStart(node, String(step)) ?? at;
    const next: unknown = node.get(step, true);
    node = isNode(next) ? next : null;
    if (node !== null && !isMap(node)) at = startOf(node) ?? at;
  }
  if (key !== undefined && isMap(node)) at = keyStart(node, key) ?? at;
  const { line, col } = lines.linePos(at ?? 0);
  return { line, column: col };
}

const startOf = (node: Node | null): number | undefined => node?.range?.[0];

function keyStart(map: Node, key: string): number | undefined {
  if (!isMap(map)) return undefined;
  for (const { key: node } of map.items) if (isScalar(node) && String(node.value) === key) return node.range?.[0];
  return undefined;
}

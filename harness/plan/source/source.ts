import type { Path } from '../../core/plan/mismatch.ts';
import { readFileSync, statSync } from 'node:fs';
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { ErrorCode } from '../../core/errors.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { structureMistakes } from './structure.ts';

/** Bytes. A person's experiment is far smaller. Even the worst text of this size takes only a second to read. */
const MOST_BYTES = 262_144;
/** Syntax errors that are reported at most. They follow from each other, so more would only confuse. */
const MOST_ERRORS = 5;

/** A YAML file with the places of its values. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly doc: Document.Parsed;
  readonly lines: LineCounter;
  readonly rules: Rules;
}

/** Returns the content of a file as plain data, a new copy each time. */
export const valueOf = ({ doc, rules }: Source): unknown => doc.toJS({ maxAliasCount: rules.aliases });

const values = new WeakMap<Source, unknown>();

/** Returns the same data as `valueOf`, made once for each source. The caller must not change the data. */
export function sharedValueOf(source: Source): unknown {
  if (!values.has(source)) values.set(source, valueOf(source));
  return values.get(source);
}

export interface Rules {
  /** How many aliases a document may have at most, and how many times as large they may make it. */
  readonly aliases: number;
  /**
   * Compose's own tags (`!reset`), merge keys (`<<`) and further documents are allowed. Paths and places are about the
   * first document only.
   */
  readonly compose: boolean;
}

const OURS: Rules = { aliases: 20, compose: false };
export const COMPOSE: Rules = { aliases: 1_000, compose: true };

const problem = (file: string, code: ErrorCode, message: string, hint: string): Problem => ({
  file,
  code,
  message,
  hint,
  severity: 'error',
});

/**
 * Reads and parses a YAML file. Returns the source, or the problems with their places. Trusts nothing about the file:
 * size, encoding and nesting are checked.
 */
export function readSource(file: string, rules: Rules = OURS): Source | readonly Problem[] {
  const text = readText(file);
  if (typeof text !== 'string') return [text];
  return parseSource(file, text, rules);
}

/** The last source of each file, for files that several experiments name: the same text is parsed once. */
const kept = new Map<string, Source>();

/**
 * Reads a YAML file as `readSource` does. Returns the same object as before while the text of the file and the rules
 * are the same, so the caller must not change the source.
 */
export function readShared(file: string, rules: Rules = OURS): Source | readonly Problem[] {
  const text = readText(file);
  if (typeof text !== 'string') return [text];
  const known = kept.get(file);
  if (known?.text === text && known.rules === rules) return known;
  const source = parseSource(file, text, rules);
  if ('doc' in source) kept.set(file, source);
  return source;
}

function readText(file: string): string | Problem {
  try {
    const stat = statSync(file);
    if (stat.isDirectory())
      return problem(
        file,
        'CHAOS_FILE_IS_DIRECTORY',
        'this is a directory',
        'Name a file in it, for example experiments/redis-loss.yaml.',
      );
    if (!stat.isFile())
      return problem(file, 'CHAOS_FILE_UNREADABLE', 'this is not a regular file', 'Name a YAML file.');
    if (stat.size > MOST_BYTES) {
      const size = `${(stat.size / 1_024).toFixed(0)} KiB`;
      return problem(
        file,
        'CHAOS_FILE_TOO_LARGE',
        `the file has ${size}, and at most ${MOST_BYTES / 1_024} KiB are allowed`,
        'Is this the right file? An experiment has some kilobytes.',
      );
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    if (text.includes('\0'))
      return problem(file, 'CHAOS_FILE_NOT_UTF8', 'the file holds a NUL byte: it is not text', 'Save it as UTF-8.');
    return text;
  } catch (error) {
    if (error instanceof TypeError)
      return problem(file, 'CHAOS_FILE_NOT_UTF8', 'the file is not UTF-8 text', 'Save it as UTF-8.');
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? problem(
          file,
          'CHAOS_FILE_MISSING',
          'there is no such file',
          'Run `ls experiments/`, or correct the path that names the file.',
        )
      : problem(file, 'CHAOS_FILE_UNREADABLE', `the file cannot be read: ${message}`, 'Check its permissions.');
  }
}

const TOO_DEEP: readonly [ErrorCode, string] = [
  'CHAOS_YAML_SYNTAX',
  'Is it the right file? Nothing here needs so many levels.',
];
const SYNTAX: readonly [ErrorCode, string] = [
  'CHAOS_YAML_SYNTAX',
  'Look at the indentation, quotes and colons at this place and on the line above it.',
];
const HINTS: Readonly<Record<string, readonly [code: ErrorCode, hint: string, message?: string]>> = {
  TAB_AS_INDENT: ['CHAOS_YAML_TAB', 'Indent with spaces: YAML does not allow tabs.', 'a tab indents this line'],
  MULTIPLE_DOCS: [
    'CHAOS_YAML_DOCUMENTS',
    'One experiment a file: remove the line with "---" and what follows.',
    'a second document begins here',
  ],
  TAG_RESOLVE_FAILED: ['CHAOS_YAML_SYNTAX', 'Leave the tag out: values are plain texts, numbers, lists and maps.'],
};

/** Parses the text of a YAML file as `readSource` does. */
export function parseSource(file: string, text: string, rules: Rules = OURS): Source | readonly Problem[] {
  const lines = new LineCounter();
  const at = (offset: number, code: ErrorCode, message: string, hint: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { ...problem(file, code, firstLine(message), hint), line: Math.max(1, line), column: Math.max(1, col) };
  };
  let doc: Document.Parsed;
  try {
    // The parser's own check for duplicate keys takes the square of their number in time. structureMistakes checks
    // them.
    doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, merge: rules.compose });
  } catch (error) {
    return [at(0, 'CHAOS_YAML_SYNTAX', `this is not YAML that can be read: ${(error as Error).message}`, TOO_DEEP[1])];
  }
  const errors = helpful(
    rules.compose ? doc.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS') : [...doc.errors, ...doc.warnings],
  );
  if (errors.length > 0) {
    return errors.map((error) => {
      const deep = error.message.includes('call stack');
      const [code, hint, message] = deep ? TOO_DEEP : (HINTS[error.code] ?? SYNTAX);
      const offset = error.code === 'MISSING_CHAR' ? openedAt(doc, error.pos[0]) : error.pos[0];
      return at(offset, code, deep ? 'this is nested too deep to be read' : (message ?? error.message), hint);
    });
  }
  if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null)) {
    return [at(0, 'CHAOS_FILE_EMPTY', 'the file is empty', 'Begin with a copy of experiments/redis-loss.yaml.')];
  }
  const mistakes = structureMistakes(doc.contents, rules.aliases);
  if (mistakes.length > 0) return mistakes.map(({ offset, code, message, hint }) => at(offset, code, message, hint));
  try {
    doc.toJS({ maxAliasCount: rules.aliases });
  } catch (error) {
    const bomb = (error as Error).message.includes('Excessive');
    const message = bomb
      ? 'aliases of aliases make this file too large'
      : `aliases cannot be expanded: ${(error as Error).message}`;
    const hint = `Write the values out: aliases may make a document ${rules.aliases} times as large at most.`;
    return [at(Math.max(0, text.search(/(?<=[\s,[{])\*/)), 'CHAOS_YAML_ALIASES', message, hint)];
  }
  return { file, text, doc, lines, rules };
}

/** Returns where the quoted text begins that is still open at `end`. The mistake is there, and not on the last line. */
function openedAt(doc: Document.Parsed, end: number): number {
  let opened: number | undefined;
  visit(doc, {
    Scalar(_key, { type, range }) {
      const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
      if (quoted && range !== undefined && range !== null && range[0] < end && range[1] >= end) opened = range[0];
    },
  });
  return opened ?? end;
}

/** Returns the errors that help a person: only tabs when there are any, one error for each place, the first few. */
function helpful(errors: readonly YAMLError[]): readonly YAMLError[] {
  const tabs = errors.filter((error) => error.code === 'TAB_AS_INDENT');
  const reasons = tabs.length > 0 ? tabs : errors;
  return reasons.filter((error, i) => i === 0 || error.pos[0] !== reasons[i - 1]?.pos[0]).slice(0, MOST_ERRORS);
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

/**
 * Returns the place (1-based) of the value at a path, or of the nearest value around it that has a place. With `key`,
 * returns the place of this key in the value.
 */
export function placeOf({ doc, lines }: Source, path: Path, key?: string): { line: number; column: number } {
  let node: Node | null = doc.contents;
  let at = startOf(node);
  for (const step of path) {
    if (!isCollection(node)) break;
    const parent: Node = node;
    if (isMap(node)) at = keyStart(node, String(step)) ?? at;
    const next: unknown = node.get(step, true);
    node = isNode(next) ? next : null;
    if (node !== null && (isSeq(parent) || !isMap(node))) at = startOf(node) ?? at;
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

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in the user's files. */
export interface Place {
  /** An absolute path. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column?: number;
}

const FRAME = /(?<file>file:\/\/\/[^\s()]+|\/[^\s():]+):(?<line>\d+):(?<column>\d+)\)?$/;

/**
 * Returns the place at which an error was thrown while `file` was loaded: the first call in its stack that is in the
 * folder of the file and in no package. Undefined when there is none, for example for a syntax error.
 */
export function thrownAt(error: unknown, file: string): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const call of stack.split('\n')) {
    const { file: named = '', line, column } = FRAME.exec(call.trim())?.groups ?? {};
    if (named === '') continue;
    const path = pathOf(named);
    if (!path.startsWith(dirname(file) + sep) || path.includes(`${sep}node_modules${sep}`)) continue;
    return { file: path, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** A stack adds a question mark and a number when the module was loaded with them. */
const pathOf = (named: string): string =>
  named.startsWith('file:') ? fileURLToPath(named.split('?')[0] ?? named) : named;

/** Milliseconds. Node reads the file and runs nothing of it. */
const CHECK_MS = 10_000;

/**
 * Returns the place of a syntax error in a file: the error itself does not say it. Another Node reads the file, and names
 * the place in the first line of its message. Undefined when that Node finds no mistake.
 */
export function syntaxErrorIn(file: string): Promise<Place | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: CHECK_MS }, (_error, _out, said) => {
      const [, line] = /^(?:file:\/\/)?\/.*:(\d+)$/m.exec(said) ?? [];
      resolve(line === undefined ? undefined : { file, line: Number(line) });
    });
  });
}

/**
 * Returns where a thing is defined in a file: the line with its name, else the line of the default export. Undefined
 * when the file has neither, or cannot be read.
 */
export function definedAt(file: string, name: string | undefined): Place | undefined {
  let lines: readonly string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const hasName = (line: string): boolean =>
    name !== undefined && /\bname\b/.test(line) && [`'${name}'`, `"${name}"`].some((text) => line.includes(text));
  const withName = lines.findIndex(hasName);
  const at = withName >= 0 ? withName : lines.findIndex((line) => /\bexport\s+default\b/.test(line));
  return at < 0 ? undefined : { file, line: at + 1 };
}

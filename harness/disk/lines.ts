import { existsSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { onDisk } from '../core/disk-error.ts';

/**
 * Opens a file of JSON lines for appending and returns its descriptor. Ends a line that a crash cut short, so that the
 * next line is whole. `mode`: the rights of a new file, as for chmod(2), less the umask. Throws CHAOS_DISK_FULL or
 * CHAOS_NOT_WRITABLE.
 */
export function openLines(path: string, mode = 0o666): number {
  return onDisk(path, () => {
    const file = openSync(path, 'a+', mode);
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n') writeSync(file, '\n');
    return file;
  });
}

/**
 * Appends text to a file that `openLines` opened: all of it, or nothing. `path` is for the error. Throws CHAOS_DISK_FULL
 * or CHAOS_NOT_WRITABLE. A disk that becomes full takes a part of a write, and that part is taken back.
 */
export function appendWhole(file: number, path: string, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  onDisk(path, () => {
    try {
      while (written < bytes.length) written += writeSync(file, bytes, written);
    } catch (error) {
      if (written > 0) ftruncateSync(file, fstatSync(file).size - written);
      throw error;
    }
  });
}

/**
 * Returns the values of a file of JSON lines, in their order; none when there is no file. A line that a crash cut short
 * is left out.
 */
export const readLines = <T>(path: string): T[] => parseLines<T>(path).values;

/** The lines of a file of JSON lines. */
export interface Lines<T> {
  readonly values: T[];
  /** The numbers of the lines that are no JSON, from 1: a crash cut them short, or somebody changed them. */
  readonly torn: number[];
}

/** Returns the values of a file of JSON lines, and which lines cannot be read. Both are empty when there is no file. */
export const parseLines = <T>(path: string): Lines<T> =>
  existsSync(path) ? parsed<T>(readFileSync(path, 'utf8')) : { values: [], torn: [] };

/** Returns the numbers of the lines that are no JSON, from 1. */
export const tornLines = (text: string): number[] => parsed(text).torn;

function parsed<T>(text: string): Lines<T> {
  const lines: Lines<T> = { values: [], torn: [] };
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    try {
      lines.values.push(JSON.parse(line) as T);
    } catch {
      lines.torn.push(i + 1);
    }
  }
  return lines;
}

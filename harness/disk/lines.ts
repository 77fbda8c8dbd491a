import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
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
export function parseLines<T>(path: string): Lines<T> {
  const lines: Lines<T> = { values: [], torn: [] };
  if (existsSync(path)) eachLine(path, (line, number) => take(lines, line, number));
  return lines;
}

/** Returns the numbers of the lines that are no JSON, from 1. */
export function tornLines(text: string): number[] {
  const lines: Lines<unknown> = { values: [], torn: [] };
  text.split('\n').forEach((line, i) => take(lines, line, i + 1));
  return lines.torn;
}

function take<T>(lines: Lines<T>, line: string, number: number): void {
  if (line === '') return;
  try {
    lines.values.push(JSON.parse(line) as T);
  } catch {
    lines.torn.push(number);
  }
}

/** A file is read in pieces of this many bytes: the events of an hour have 20 MB. */
const PIECE_BYTES = 65_536;
const NEW_LINE = 0x0a;

/** Calls `take` with each line of a file and its number, from 1. */
function eachLine(path: string, take: (line: string, number: number) => void): void {
  const file = openSync(path, 'r');
  try {
    let piece = Buffer.alloc(PIECE_BYTES);
    // Bytes of the piece that are filled: the beginning of a line.
    let filled = 0;
    let number = 0;
    for (;;) {
      if (filled === piece.length) piece = Buffer.concat([piece, Buffer.alloc(piece.length)]);
      const read = readSync(file, piece, filled, piece.length - filled, null);
      const end = filled + read;
      let from = 0;
      for (let at = piece.indexOf(NEW_LINE, filled); at >= 0 && at < end; at = piece.indexOf(NEW_LINE, from)) {
        take(piece.toString('utf8', from, at), (number += 1));
        from = at + 1;
      }
      piece.copyWithin(0, from, end);
      filled = end - from;
      if (read > 0) continue;
      if (filled > 0) take(piece.toString('utf8', 0, filled), number + 1);
      return;
    }
  } finally {
    closeSync(file);
  }
}

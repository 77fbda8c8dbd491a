import { existsSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** Opens a file of JSON lines for appending. A line that a crash tore is ended first: what follows must not be torn with it. */
export function openLines(path: string): number {
  const file = openSync(path, 'a+');
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n') writeSync(file, '\n');
  return file;
}

/** The values of a file of JSON lines, in their order; none where there is no file. A line that a crash tore is left out. */
export function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const values: T[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      values.push(JSON.parse(line) as T);
    } catch {
      // The process died while it was written.
    }
  }
  return values;
}

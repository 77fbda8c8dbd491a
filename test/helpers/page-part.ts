import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

const LIVE = new URL('../../harness/reporters/html/live/', import.meta.url);

/** Runs a script of a live page that needs no document, and returns what it leaves: `name` of its globals. */
export function pagePart<T>(file: string, name: string, globals: Readonly<Record<string, unknown>> = {}): T {
  const context = createContext({ ...globals });
  runInContext(readFileSync(new URL(file, LIVE), 'utf8'), context);
  return runInContext(name, context) as T;
}

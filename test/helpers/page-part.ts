import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

const LIVE = new URL('../../harness/reporters/html/live/', import.meta.url);

/**
 * Runs a script of a live page that needs no document, and returns what it leaves: `name` of its globals. Only the script
 * says what that is.
 */
export function pagePart(file: string, name: string, globals: Readonly<Record<string, unknown>> = {}): unknown {
  const context = createContext({ ...globals });
  runInContext(readFileSync(new URL(file, LIVE), 'utf8'), context);
  return runInContext(name, context);
}

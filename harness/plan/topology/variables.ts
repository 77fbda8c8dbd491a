import { readFileSync } from 'node:fs';
import type { Env } from '../../core/topology/compose.ts';
import { readSources } from './sources.ts';

/** Variables that Compose itself and the harness read. */
const READ_ANYWAY = /^(?:COMPOSE|CHAOS)_/;

/**
 * Returns the environment variables that compose files use: every variable that begins with COMPOSE_ or CHAOS_, and
 * every variable whose name stands in a file that Compose reads. A name alone is enough: `environment: [TOKEN]` hands
 * a variable on without a "$".
 */
export function variablesOf(files: readonly string[], env: Env): Env {
  const { all, reads } = readSources(files, env);
  const words = new Set((reads ?? all.map(({ file }) => file)).flatMap(wordsIn));
  return Object.fromEntries(Object.entries(env).filter(([name]) => READ_ANYWAY.test(name) || words.has(name)));
}

function wordsIn(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').match(/[A-Za-z_]\w*/g) ?? [];
  } catch {
    // Compose goes on without some of these files, for example without .env.
    return [];
  }
}

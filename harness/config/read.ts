import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withDeadline } from '../core/deadline.ts';
import { ChaosError } from '../core/errors.ts';
import { blaming } from './blame.ts';
import { type Config, NOTHING, type Own } from './config.ts';
import { mistakeIn, type Taken } from './mistakes.ts';
import { definedAt, type Place, syntaxErrorIn, thrownAt } from './place.ts';

/** The names of a config file, the first that exists counts. */
const NAMES = ['chaos.config.ts', 'chaos.config.mts', 'chaos.config.js', 'chaos.config.mjs'];
/** A config has this long to load, milliseconds. A config that waits for something would keep every command waiting. */
const LOAD_MS = 10_000;

/**
 * Returns the config file that counts: beside the first of the compose files, else in the working folder. Undefined when
 * there is none.
 */
export function configFile(composeFiles: readonly string[], cwd: string): string | undefined {
  const [first] = composeFiles;
  const folders = [...(first === undefined ? [] : [dirname(resolve(cwd, first))]), cwd];
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/** The configs that were read, by path: a process runs a config once. */
const read = new Map<string, Promise<Own>>();

/** Returns what a config file adds. Throws CHAOS_CONFIG with the place when it throws or is malformed. */
export function readConfig(file: string | undefined, taken: Taken): Promise<Own> {
  if (file === undefined) return Promise.resolve(NOTHING);
  const known = read.get(file) ?? load(file, taken);
  read.set(file, known);
  return known;
}

async function load(file: string, taken: Taken): Promise<Own> {
  const config = await imported(file);
  const mistake = mistakeIn(config, taken);
  if (mistake !== undefined) throw bad(mistake.message, mistake.hint, definedAt(file, mistake.name) ?? { file });
  const { faults = [], checks = [], series = [], reporters = [] } = config as Config;
  const guarded = <T extends { readonly name: string }>(kind: string, things: readonly T[]): readonly T[] =>
    things.map((thing) => blaming(thing, `${kind} "${thing.name}"`, thing.name, file));
  return {
    file,
    faults: guarded('fault', faults),
    checks: guarded('check', checks),
    series: guarded('series', series),
    reporters: guarded('reporter', reporters),
  };
}

async function imported(file: string): Promise<unknown> {
  try {
    const loaded = import(pathToFileURL(file).href) as Promise<{ readonly default?: unknown }>;
    return (await withDeadline('loading the config', LOAD_MS, loaded)).default;
  } catch (error) {
    const place = thrownAt(error, file) ?? (await syntaxErrorIn(file)) ?? { file };
    const hint = 'The file is run as a module: try it with `node`. Nothing was started.';
    throw bad('the config cannot be loaded', hint, place, error);
  }
}

const bad = (what: string, hint: string, { file, line, column }: Partial<Place>, cause?: unknown): ChaosError =>
  new ChaosError('CHAOS_CONFIG', { what, hint, exit: 'bad-input', file, line, column, cause });

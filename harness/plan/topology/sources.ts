import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Problem } from '../../core/plan/problem.ts';
import type { Env } from '../../core/topology/compose.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import { COMPOSE, readShared, sharedValueOf, type Source } from '../source/source.ts';
import { mapOf } from '../source/map.ts';

/** The YAML files of a topology, used for the places of values only. Compose says what the values mean. */
export interface Sources {
  /**
   * The given files in their order, then the files that they include or extend. Files that are no YAML are left out.
   */
  readonly all: readonly Source[];
  /** Given files that cannot be read as text. */
  readonly unreadable: readonly Problem[];
  /** Syntax errors of the files, each with its place. */
  readonly syntax: readonly Problem[];
  /**
   * Every file that Compose reads for the topology. Undefined when the name of a file holds a variable or an address.
   */
  readonly reads: readonly string[] | undefined;
}

export function readSources(files: readonly string[], env: Env): Sources {
  const base = dirname(files[0] ?? '');
  const waiting = [...files];
  const seen = new Set<string>();
  const reads = new Set<string>();
  const all: Source[] = [];
  const problems: Problem[] = [];
  let unknown = false;
  for (const file of waiting) {
    if (seen.has(file)) continue;
    seen.add(file);
    const read = readShared(file, COMPOSE);
    reads.add(file).add(join(dirname(file), '.env'));
    if (!('doc' in read)) {
      problems.push(...read);
      continue;
    }
    all.push(read);
    const { yaml, others } = filesNamedIn(sharedValueOf(read));
    unknown ||= [...yaml, ...others].some(isUnknown);
    // Compose resolves a name from the folder of its file, or from the folder of the first file.
    const places = (name: string): string[] => [resolve(dirname(file), name), resolve(base, name)];
    waiting.push(...yaml.flatMap(places).filter((place) => existsSync(place)));
    for (const name of [...yaml, ...others]) for (const place of places(name)) reads.add(place);
  }
  for (const name of env['COMPOSE_ENV_FILES']?.split(',') ?? []) reads.add(resolve(name));
  return {
    all,
    unreadable: problems.filter(({ file, line }) => files.includes(file) && line === undefined),
    syntax: problems.filter(({ line }) => line !== undefined),
    reads: unknown ? undefined : [...reads],
  };
}

/** Returns whether a name holds a variable or is an address: its file is not known then. */
const isUnknown = (name: string): boolean => name.includes('$') || name.includes(':');

/** Returns the files that a compose file names: YAML that it includes or extends, and files of variables. */
function filesNamedIn(value: unknown): { readonly yaml: readonly string[]; readonly others: readonly string[] } {
  const { include, services } = mapOf(value);
  const included = listOf(include).map((one) => (typeof one === 'string' ? { path: one } : mapOf(one)));
  const all = Object.values(mapOf(services)).map(mapOf);
  const projects = included.flatMap((one) => textsOf(one['project_directory']));
  return {
    yaml: [
      ...included.flatMap(({ path }) => textsOf(path)),
      ...all.flatMap((one) => textsOf(mapOf(one['extends'])['file'])),
    ],
    others: [
      ...[...included, ...all].flatMap((one) => textsOf(one['env_file'])),
      ...projects.map((folder) => join(folder, '.env')),
    ],
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** Returns the texts in a text, in a list of texts, or in a list of maps with a `path`. */
const textsOf = (value: unknown): readonly string[] =>
  listOf(value)
    .map((one) => mapOf(one)['path'] ?? one)
    .filter((one) => typeof one === 'string');

/** Returns the last file that has the value at a path, or the nearest value around it. For Compose, the last counts. */
export const ownerOf = (sources: readonly Source[], path: Path): Source | undefined =>
  path
    .map((_, i) => sources.findLast((source) => source.doc.hasIn(path.slice(0, path.length - i))))
    .find((source) => source !== undefined) ?? sources[0];

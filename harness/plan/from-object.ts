import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { ChaosError } from '../core/errors.ts';
import { isMap, mapOf } from './source/map.ts';

/** An experiment as a file that may not be on disk. */
export interface ExperimentText {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

export interface ObjectOptions {
  /** The folder of the file, an absolute path. */
  readonly folder: string;
  /** The paths in the experiment count from here. */
  readonly from: string;
}

/**
 * Returns an experiment that a program holds as data as a file, so that it is read, recorded and run again like any
 * other. The file has the name of the title. Its paths are absolute. Throws CHAOS_WRONG_TYPE when the experiment is no
 * plain data.
 */
export function fileOfObject(experiment: object, { folder, from }: ObjectOptions): ExperimentText {
  const plain = plainOf(experiment);
  const { title } = mapOf(plain);
  const whole = withPaths(plain, (path) => resolve(from, path));
  return {
    file: join(folder, `${nameOf(typeof title === 'string' ? title : '')}.yaml`),
    text: stringify(whole, { aliasDuplicateObjects: false, lineWidth: 0 }),
  };
}

/** Returns the data as JSON has it: keys without a value are left out. */
function plainOf(experiment: object): unknown {
  try {
    return JSON.parse(JSON.stringify(experiment)) as unknown;
  } catch (cause) {
    throw new ChaosError('CHAOS_WRONG_TYPE', {
      what: 'the experiment is no plain data',
      hint: 'Write texts, numbers, lists and objects only, and no object that contains itself.',
      exit: 'bad-input',
      cause,
    });
  }
}

const LONGEST = 60;

/** "losing-redis-fails-no-request" */
const nameOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, LONGEST)
    .replace(/-$/, '') || 'experiment';

/** Returns the experiment with every path to a file changed. A value of another type stays: the schema reports it. */
function withPaths(plain: unknown, absolute: (path: string) => string): unknown {
  if (!isMap(plain)) return plain;
  const changed = (value: unknown): unknown => (typeof value === 'string' ? absolute(value) : value);
  const { topology, load } = plain;
  return {
    ...plain,
    ...(topology === undefined
      ? {}
      : { topology: Array.isArray(topology) ? topology.map(changed) : changed(topology) }),
    ...(isMap(load) && load['workload'] !== undefined
      ? { load: { ...load, workload: changed(load['workload']) } }
      : {}),
  };
}

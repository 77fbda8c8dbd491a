import type { Problem } from '../core/problem.ts';
import type { Finding } from './source.ts';

/** Keys and indices from the top of a document. */
export type Path = readonly (string | number)[];

/** A value and the way from every part of it back to the text that it was written in. */
export interface Located {
  readonly value: unknown;
  /** How many leading parts of the path exist, and a problem there: at the value, or at the key that holds it. */
  reach(path: Path): number;
  problem(path: Path, finding: Finding, at?: 'key' | 'value'): Problem;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The part of a value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let part = value;
  for (const step of path) {
    if (Array.isArray(part)) part = part[Number(step)];
    else if (isRecord(part) && Object.hasOwn(part, step)) part = part[step];
    else return undefined;
  }
  return part;
}

/** "load.pressure.virtual_users", "faults[0].kill" for people. */
export const pathText = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

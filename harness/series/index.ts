import { listFolder } from '../core/kinds/list-folder.ts';
import type { Series } from '../core/kinds/series.ts';

/** All series. The name of a series is what `series: { name }` says in an experiment file. */
export const series: readonly Series[] = await listFolder(new URL('./', import.meta.url));

/**
 * Returns the series of this name. Throws a RangeError when this version has no such series. A plan cannot name one,
 * but a record of another version can.
 */
export function seriesNamed(name: string): Series {
  const found = series.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`this version has no series "${name}"`);
  return found;
}

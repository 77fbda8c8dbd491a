import type { Snapshot, Values } from '../../../../harness/core/topology/snapshot/snapshot.ts';
import type { World } from './world.ts';

/** Returns every value of the world: each container is a place, and so is each other part. */
export function snapshotOf({ containers, ...parts }: World): Snapshot {
  return Object.fromEntries(
    [...Object.entries(containers), ...Object.entries(parts)].map(([place, values]) => [place, flat(values)]),
  );
}

/** Names each value by its path: "limits.cpus". */
function flat(value: unknown, path = ''): Values {
  if (typeof value !== 'object' || value === null) return { [path]: String(value) };
  const entries = Object.entries(value).map(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`));
  return Object.assign({}, ...entries) as Values;
}

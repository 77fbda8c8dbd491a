import type { ByName, Fingerprint, TopologyPrint } from './fingerprint.ts';

/** Whether what was proven is still about what is there. */
export type Freshness =
  | { readonly is: 'fresh' }
  /** `changed`: what is another thing now, in words: "the image of app is another one". */
  | { readonly is: 'stale'; readonly changed: readonly string[] }
  /** Nobody can tell. `why`, in words: "the record has no digests". */
  | { readonly is: 'unclear'; readonly why: string };

/**
 * Compares the fingerprint of a run with the fingerprint of the same experiment as it is now. `recorded` is undefined
 * for a record without digests. Images are compared by their ids. When no engine was asked now, they are compared by
 * their names, so an image that was built anew under its old name is not seen. Rules are compared only when the record
 * has rules.
 */
export function freshness(recorded: Fingerprint | undefined, now: Fingerprint): Freshness {
  if (recorded === undefined)
    return { is: 'unclear', why: 'the record has no digests: a version made it that wrote none' };
  const { changed, unknown } = topologyChanges(recorded, now);
  return freshnessOf(
    [
      ...changed,
      ...(recorded.experiment === now.experiment ? [] : ['the experiment was changed']),
      ...(recorded.rules === undefined ? [] : differing('rule', recorded.rules, now.rules ?? {})),
    ],
    unknown,
  );
}

/** What differs between two topologies, in words, and the services whose images nobody can compare. */
export interface TopologyChanges {
  readonly changed: readonly string[];
  readonly unknown: readonly string[];
}

/** Compares two topologies: see `freshness`. */
export function topologyChanges(recorded: TopologyPrint, now: TopologyPrint): TopologyChanges {
  const images = imagesOf(recorded, now);
  return {
    changed: [
      ...images.changed,
      ...differing('Compose service', recorded.services, now.services),
      ...differing('link', recorded.links, now.links),
    ],
    unknown: images.unknown,
  };
}

/** Returns the freshness that follows from what was changed, and from the services whose images nobody can compare. */
export function freshnessOf(changed: readonly string[], [unknown, ...others]: readonly string[]): Freshness {
  if (changed.length > 0) return { is: 'stale', changed };
  if (unknown === undefined) return { is: 'fresh' };
  const more = others.length === 0 ? '' : ` and ${others.length} more service${others.length === 1 ? '' : 's'}`;
  return { is: 'unclear', why: `the record does not say which image${more === '' ? '' : 's'} ${unknown}${more} had` };
}

/** Compares the images of services that are in both fingerprints. Other services are named as new or gone. */
function imagesOf(recorded: TopologyPrint, now: TopologyPrint): TopologyChanges {
  const changed: string[] = [];
  const unknown: string[] = [];
  for (const service of Object.keys(now.services).filter((name) => name in recorded.services)) {
    const [was, is] = [recorded.imageNames[service], now.imageNames[service]];
    const [wasId, isId] = [recorded.images?.[service], now.images?.[service]];
    const renamed = was === is ? undefined : `the image of ${service} was ${was} and is ${is}`;
    if (now.images === undefined) changed.push(...(renamed === undefined ? [] : [renamed]));
    else if (isId === undefined && (wasId !== undefined || renamed !== undefined))
      changed.push(renamed ?? `the engine has no image of ${service} (${is})`);
    else if (wasId === undefined) unknown.push(service);
    else if (wasId !== isId) changed.push(renamed ?? `the image of ${service} (${is}) is another one`);
  }
  return { changed, unknown };
}

/** Names what differs between two lists of digests: "the link app-to-redis is new". */
export function differing(what: string, was: ByName, is: ByName): string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return names.flatMap((name) => {
    if (was[name] === is[name]) return [];
    if (was[name] === undefined) return [`the ${what} ${name} is new`];
    return [`the ${what} ${name} ${is[name] === undefined ? 'is gone' : 'was changed'}`];
  });
}

import type { ByName, TopologyPrint } from './fingerprint.ts';
import { differing, type Freshness, freshnessOf, topologyChanges } from './freshness.ts';

/** Digests of everything that a capacity was measured on. Plain data. Paths count from the folder of the compose file. */
export interface Certified {
  readonly topology: TopologyPrint;
  /** By the path of the experiment file: see `experimentDigest`. */
  readonly experiments: ByName;
  /** By the path of the workload file. */
  readonly workloads: ByName;
  /** By path: files that images are built of, and files that containers see from outside. */
  readonly configuration: ByName;
  /** By name: what says which data there was, for example the fingerprint of a table. */
  readonly data: ByName;
  /** By name, in words and not as digests: cores, memory, kernel, engine. */
  readonly machine: ByName;
}

/** The parts that are maps of digests, each with the word for one entry. */
const PARTS = {
  experiments: 'experiment',
  workloads: 'workload',
  configuration: 'file',
  data: 'data of',
  machine: 'machine:',
} as const;

type Part = keyof typeof PARTS;

/** What is there now. A part that is absent is not compared. */
export type CertifiedNow = Pick<Certified, 'topology'> & Partial<Pick<Certified, Part>>;

/** Returns what was changed between two states, in words: "the file topology/nginx/nginx.conf was changed". */
export function certifiedFreshness(recorded: Certified, now: CertifiedNow): Freshness {
  const { changed, unknown } = topologyChanges(recorded.topology, now.topology);
  const others = (Object.keys(PARTS) as Part[]).flatMap((part) =>
    now[part] === undefined ? [] : differing(PARTS[part], recorded[part], now[part]),
  );
  return freshnessOf([...changed, ...others], unknown);
}

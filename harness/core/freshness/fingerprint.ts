import type { Plan } from '../plan/plan.ts';
import type { TopologySpec } from '../topology/spec.ts';
import { digestOf } from './digest.ts';

/** Texts by the names of the things that they are about. */
export type ByName = Readonly<Record<string, string>>;

/** Digests of a topology. Plain data. */
export interface TopologyPrint {
  /** By service: the name of its image in the compose file. */
  readonly imageNames: ByName;
  /** By service: the id that the engine gave its image. Absent when no engine was asked. */
  readonly images?: ByName;
  /** By service: the digest of the service as Compose resolves it. */
  readonly services: ByName;
  /** By link: the digest of its description in x-chaos. */
  readonly links: ByName;
}

/** Digests of everything that a run proved something about. Plain data: an index or a certificate can keep it. */
export interface Fingerprint extends TopologyPrint {
  /** See `experimentDigest`. */
  readonly experiment: string;
  /** By name: the digests of rules that were in force, for example alert rules. Absent when rules did not matter. */
  readonly rules?: ByName;
}

export interface Fingerprinted {
  readonly plan: Plan;
  /** By service: the ids of the images. Undefined when no engine answered. */
  readonly images: ByName | undefined;
  readonly rules?: ByName;
}

/**
 * Returns the fingerprint of a run or of an experiment as it is now. Undefined when the plan has no digest of a
 * service: then a version made the record that wrote none. A recorded plan is masked, so a plan of now must be masked
 * in the same way (`redactDeep` with `secretsOf`).
 */
export function fingerprintOf({ plan, images, rules }: Fingerprinted): Fingerprint | undefined {
  const topology = topologyPrint(plan.topology, images);
  if (topology === undefined) return undefined;
  return { ...topology, experiment: experimentDigest(plan), ...(rules === undefined ? {} : { rules }) };
}

/**
 * Returns the digests of a masked topology. `images`: see `Fingerprinted`. Undefined when the topology has no digest of a
 * service.
 */
export function topologyPrint(
  topology: Pick<TopologySpec, 'services' | 'links'>,
  images: ByName | undefined,
): TopologyPrint | undefined {
  const services = Object.values(topology.services);
  const digests = services.flatMap(({ name, digest }): [string, string][] =>
    digest === undefined ? [] : [[name, digest]],
  );
  if (digests.length < services.length) return undefined;
  return {
    imageNames: Object.fromEntries(services.map(({ name, image = '' }) => [name, image])),
    ...(images === undefined ? {} : { images }),
    services: Object.fromEntries(digests),
    links: Object.fromEntries(Object.entries(topology.links).map(([name, link]) => [name, digestOf(link)])),
  };
}

/** Returns the digest of what a masked plan does and how it is judged: see `judgedPart`. */
export const experimentDigest = (plan: Plan): string => digestOf(judgedPart(plan));

/**
 * Returns what a plan does and how it is judged: load, phases, faults, hypotheses, stop conditions and controllers.
 * Title, tags, charts, seed, and the places of files and lines are left out. The topology has digests of its own.
 */
function judgedPart({ load, phases, faults, hypotheses, stop_if = [], controllers = [] }: Plan): unknown {
  return {
    load: { ...load, workload: { ...load.workload, file: undefined } },
    phases,
    faults,
    hypotheses: hypotheses.map((one) => ({ ...one, line: undefined })),
    stop_if: stop_if.map((one) => ({ ...one, line: undefined })),
    controllers,
  };
}

import type { Plan } from '../plan/plan.ts';
import { digestOf } from './digest.ts';

/** Texts by the names of the things that they are about. */
type ByName = Readonly<Record<string, string>>;

/** Digests of everything that a run proved something about. Plain data: an index or a certificate can keep it. */
export interface Fingerprint {
  /** By service: the name of its image in the compose file. */
  readonly imageNames: ByName;
  /** By service: the id that the engine gave its image. Absent when no engine was asked. */
  readonly images?: ByName;
  /** By service: the digest of the service as Compose resolves it. */
  readonly services: ByName;
  /** By link: the digest of its description in x-chaos. */
  readonly links: ByName;
  /** The digest of the experiment: see `judgedPart`. */
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
  const services = Object.values(plan.topology.services);
  const digests = services.flatMap(({ name, digest }): [string, string][] =>
    digest === undefined ? [] : [[name, digest]],
  );
  if (digests.length < services.length) return undefined;
  return {
    imageNames: Object.fromEntries(services.map(({ name, image = '' }) => [name, image])),
    ...(images === undefined ? {} : { images }),
    services: Object.fromEntries(digests),
    links: Object.fromEntries(Object.entries(plan.topology.links).map(([name, link]) => [name, digestOf(link)])),
    experiment: digestOf(judgedPart(plan)),
    ...(rules === undefined ? {} : { rules }),
  };
}

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

import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CertifiedNow } from '../../core/freshness/certified.ts';
import { digestOf } from '../../core/freshness/digest.ts';
import { type ByName, experimentDigest, topologyPrint } from '../../core/freshness/fingerprint.ts';
import type { Workload } from '../../core/load/load.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { type Redact, redactDeep } from '../../core/text/redact.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { fileDigest } from './certificate-file.ts';

/** What is there, as far as it can be seen without starting anything. */
export interface Seen {
  readonly spec: TopologySpec;
  /** By service: the ids of the images. Undefined when no engine answered. */
  readonly images: ByName | undefined;
  /** By their paths from `folder`. */
  readonly experiments: ReadonlyMap<string, Plan>;
  readonly workloads: ReadonlyMap<string, Workload>;
  /** Files and folders that the topology is made of: absolute paths. */
  readonly sources: readonly string[];
  /** The folder of the first compose file. */
  readonly folder: string;
  readonly redact: Redact;
}

/** Returns the digests of what is there. Undefined when Compose did not say what its services are. */
export function certifiedNow(seen: Seen): Required<Omit<CertifiedNow, 'data' | 'machine'>> | undefined {
  const { spec, images, experiments, workloads, sources, folder, redact } = seen;
  const topology = topologyPrint(redactDeep(spec, redact), images);
  if (topology === undefined) return undefined;
  return {
    topology,
    experiments: mapped(experiments, (plan) => experimentDigest(redactDeep(plan, redact))),
    workloads: mapped(workloads, (workload) => digestOf({ ...workload, file: undefined })),
    configuration: fileDigests(sources, folder),
  };
}

const mapped = <T>(all: ReadonlyMap<string, T>, digest: (one: T) => string): ByName =>
  Object.fromEntries([...all].map(([name, one]) => [name, digest(one)]));

/** Folders that no image and no container should depend on. */
const PASSED_OVER: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Returns the digest of each file among these files and folders, by its path from `folder`. */
export function fileDigests(paths: readonly string[], folder: string): ByName {
  const files = [...new Set(paths.flatMap(filesIn))].toSorted();
  return Object.fromEntries(files.map((file) => [relative(folder, file), fileDigest(file) ?? 'unreadable']));
}

/** Sockets, devices and links that lead nowhere are left out: they have no content. */
function filesIn(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return [path];
  if (found?.isDirectory() !== true) return [];
  return readdirSync(path)
    .filter((name) => !PASSED_OVER.has(name))
    .flatMap((name) => filesIn(join(path, name)));
}

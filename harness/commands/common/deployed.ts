import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Certificate } from '../../core/certificate/statements.ts';
import type { CertifiedNow } from '../../core/freshness/certified.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Workload } from '../../core/load/load.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { secretsOf } from '../../core/text/secrets.ts';
import type { World } from '../../core/world.ts';
import { catalogue, compose, imagesNow } from '../../main.ts';
import { certifiedNow } from '../../modes/capacity/digests.ts';
import { builtFrom, readExperiment, readWorkload } from '../../plan/index.ts';
import { topologyOfFiles } from './topology-files.ts';

/**
 * Reads what these compose files describe, and which images the engine has. Returns a function that says what is there of
 * all that a certificate is about. Experiments and workloads are looked for from the folder of the first compose file.
 */
export async function deployedNow(
  named: readonly string[],
  world: Pick<World, 'env' | 'cwd' | 'root' | 'err'>,
): Promise<(certificate: Certificate) => CertifiedNow> {
  const spec = topologyOfFiles(named, world);
  const images = await imagesNow(spec, world.env);
  const files = spec.files.map((file) => resolve(file));
  const folder = dirname(files[0] ?? world.cwd);
  const sources = builtFrom({ files, env: world.env, compose });
  return ({ digests }) => {
    const now = certifiedNow({
      spec,
      images,
      experiments: found(Object.keys(digests.experiments), folder, (file) => experiment(file, world)),
      workloads: found(Object.keys(digests.workloads), folder, workload),
      sources,
      folder,
      redact: secretsOf(world.env, spec),
    });
    if (now !== undefined) return now;
    throw new ChaosError('CHAOS_COMPOSE', {
      what: 'Compose did not say what the services are',
      hint: '`docker compose config` must print them: `chaos doctor` says whether this Compose is new enough.',
      exit: 'not-ready',
    });
  };
}

/** A file that is gone, or that has mistakes now, is left out: then it counts as gone. */
function found<T>(names: readonly string[], folder: string, read: (file: string) => T | undefined): Map<string, T> {
  const all = new Map<string, T>();
  for (const name of names) {
    const file = join(folder, name);
    const one = existsSync(file) ? read(file) : undefined;
    if (one !== undefined) all.set(name, one);
  }
  return all;
}

const experiment = (file: string, { env }: Pick<World, 'env'>): Plan | undefined =>
  readExperiment({ file, overrides: [], ...catalogue, env, compose }).plan;

function workload(file: string): Workload | undefined {
  const read = readWorkload(file, 'unaudited');
  return 'scenarios' in read ? read : undefined;
}

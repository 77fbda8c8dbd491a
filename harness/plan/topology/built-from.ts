import { isMap, mapOf } from '../source/map.ts';
import { composeMissing } from './missing.ts';
import { readSources } from './sources.ts';
import type { TopologyQuestion } from './topology.ts';

/**
 * Returns the files and folders of this machine that a topology is made of: the compose files, what its images are built
 * from, and what its containers see from outside. Absolute paths, sorted. Asks nothing of the engine. Throws
 * CHAOS_COMPOSE_MISSING without Compose, and TypeError for files that `readTopology` refuses.
 */
export function builtFrom({ files, env, compose }: TopologyQuestion): readonly string[] {
  const answer = compose.read({ files, env, reads: readSources(files, env).reads });
  if (answer.is === 'missing') throw composeMissing();
  if (answer.is === 'refused') throw new TypeError(answer.why);
  const services = Object.values(mapOf(mapOf(answer.config)['services'])).map(mapOf);
  const paths = services.flatMap(({ build, volumes }) => [
    mapOf(build)['context'],
    ...(Array.isArray(volumes) ? (volumes as readonly unknown[]) : []).flatMap((volume) =>
      isMap(volume) && volume['type'] === 'bind' ? [volume['source']] : [],
    ),
  ]);
  const local = paths.filter((path): path is string => typeof path === 'string' && path.startsWith('/'));
  return [...new Set([...files, ...local])].toSorted();
}

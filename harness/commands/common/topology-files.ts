import { join, resolve } from 'node:path';
import type { Problem } from '../../core/plan/problem.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { lackError } from '../../core/topology/capability.ts';
import type { World } from '../../core/world.ts';
import { topologySpec } from '../../main.ts';
import { renderProblems } from '../../plan/index.ts';

/** Returns the paths of the files that --file names, by default docker-compose.chaos.yml. */
export const composeFiles = (
  named: readonly string[],
  { root, cwd }: Pick<World, 'root' | 'cwd'>,
): readonly string[] =>
  named.length === 0 ? [join(root, 'docker-compose.chaos.yml')] : named.map((file) => resolve(cwd, file));

/**
 * Returns the topology of the files that --file names, by default docker-compose.chaos.yml. Warnings go to stderr.
 * `watched`: with the services that watch it. Throws the first mistake with its place, CHAOS_COMPOSE_MISSING without
 * Compose, and CHAOS_LACKS when the topology has nothing that could watch.
 */
export function topologyOfFiles(
  named: readonly string[],
  world: Pick<World, 'env' | 'cwd' | 'root' | 'err'>,
  watched = false,
): TopologySpec {
  const warn = (problem: Problem): void => {
    world.err.write(renderProblems([problem], world.cwd));
  };
  const spec = topologySpec(composeFiles(named, world), world.env, warn, watched ? 'own' : undefined);
  if (watched && spec.monitoring === undefined) throw lackError('--monitoring', 'prometheus');
  return spec;
}

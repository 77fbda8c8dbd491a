import { join, resolve } from 'node:path';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { World } from '../../core/world.ts';
import { topologySpec } from '../../main.ts';
import { renderProblems } from '../../plan/index.ts';

/**
 * Returns the topology of the files that --file names, by default docker-compose.chaos.yml. Warnings go to stderr.
 * Throws the first mistake with its place, and CHAOS_COMPOSE_MISSING without Compose.
 */
export function topologyOfFiles(
  named: readonly string[],
  world: Pick<World, 'env' | 'cwd' | 'root' | 'err'>,
): TopologySpec {
  const files =
    named.length === 0 ? [join(world.root, 'docker-compose.chaos.yml')] : named.map((file) => resolve(world.cwd, file));
  return topologySpec(files, world.env, (problem) => world.err.write(renderProblems([problem], world.cwd)));
}

import { execFileSync } from 'node:child_process';
import { docker } from '../../helpers/docker.ts';
import type { Stack } from '../../helpers/stack.ts';

/**
 * Gives the first `cores` processors to the containers of all stacks, and the next processor to this process. The
 * containers go with their stacks, so nothing is to be put back. Threads that begin later have the processor of their process.
 */
export function keepApart(stacks: readonly Stack[], cores: number): void {
  if (cores < 1)
    throw new Error('--apart needs two processors: one for the topologies, and one for the load generator');
  for (const { topology } of stacks) {
    const project = `label=com.docker.compose.project=${topology.spec.project}`;
    const containers = docker('ps', '--quiet', '--filter', project).split('\n');
    docker('update', '--cpuset-cpus', `0-${cores - 1}`, ...containers);
  }
  execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', String(cores), String(process.pid)], {
    stdio: 'pipe',
  });
}

import type { LimitChange } from '../../../../harness/core/topology/spec.ts';
import type { ContainerRef } from '../../../../harness/core/topology/state.ts';
import { named, type Scene } from './scene.ts';

/**
 * Sets the limits of a container as the engine does. The engine cannot remove a limit of memory, nor a limit in cores
 * with which the container was made.
 */
export function limit(scene: Scene, { name }: ContainerRef, { cpus, memoryBytes }: LimitChange): void {
  const container = named(scene, name);
  if (cpus === null && scene.sound.containers[name]?.limits.cpus !== undefined)
    throw new Error('a limit in cores can only be replaced by another limit in cores');
  container.limits = {
    cpus: cpus === undefined ? container.limits.cpus : (cpus ?? undefined),
    memoryBytes: memoryBytes ?? container.limits.memoryBytes,
  };
}

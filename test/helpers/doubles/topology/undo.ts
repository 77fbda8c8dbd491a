import type { UndoStep } from '../../../../harness/core/topology/undo.ts';
import { carryOut } from './commands.ts';
import { giveImage } from './images.ts';
import { limit } from './limits.ts';
import { scale } from './scale.ts';
import { mendedProxies } from './links.ts';
import { isThere, named, runAgain, type Scene } from './scene.ts';

/** Carries out an undo step. A container that is gone has nothing to be undone in it. */
export function undo(scene: Scene, step: UndoStep): void {
  switch (step.do) {
    case 'start-container':
    case 'unpause-container':
    case 'make-container':
      return runAgain(scene, step.container.name);
    case 'connect-network': {
      if (!isThere(scene, step.container.name)) return;
      const { network, ip, aliases } = step;
      named(scene, step.container.name).networks[network] ??= { ip, aliases, queue: undefined };
      return;
    }
    case 'remove-toxic':
      delete mendedProxies(scene, step.proxy)[step.proxy.name]?.toxics[step.toxic];
      return;
    case 'enable-proxy': {
      const proxy = mendedProxies(scene, step.proxy)[step.proxy.name];
      if (proxy !== undefined) proxy.enabled = true;
      return;
    }
    case 'set-limits':
      if (isThere(scene, step.container.name)) limit(scene, step.container, step.limits);
      return;
    case 'scale-service':
      return scale(scene, step.service, step.replicas);
    case 'give-image':
      return giveImage(scene, step.container, step.image);
    case 'command':
      carryOut(scene, step.command);
  }
}

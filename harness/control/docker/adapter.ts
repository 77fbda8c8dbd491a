import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '../../core/errors.ts';
import { isNext, shortImage } from '../../core/topology/replacing.ts';
import type { Snapshot } from '../../core/topology/snapshot/snapshot.ts';
import { exactly, sameLimits } from '../../core/topology/spec.ts';
import type { ContainerRef, ContainerState } from '../../core/topology/state.ts';
import type { Adapter, Seen } from '../adapter.ts';
import { aliasesOn, attachmentOf } from './making/attach.ts';
import { inContainer } from './commands.ts';
import type { ListedContainer } from './docker.ts';
import { makeAgain, type RunCompose } from './making/make.ts';
import type { Project } from './project.ts';
import { containerResidue, missingContainers, missingResidue, type Wanted } from './residue.ts';
import { giveImage, settle, unfinishedResidue } from './making/replace.ts';
import { composeKeepingLogs, scale, surplusContainers, surplusResidue } from './making/scale.ts';
import { containerValues, IMAGE } from './snapshot.ts';
import { isDone } from './unwell.ts';

/** The most attempts to unpause and start a container, and the milliseconds between two attempts. */
const WAKES = 10;
const WAKE_AGAIN_MS = 300;

/** The containers of a project, and the helpers beside them. */
export function containers(project: Project, compose: RunCompose): Adapter {
  const { docker } = project;
  const make = (service: string, name: string): Promise<void> => makeAgain(project, compose, service, name);

  /** Connects a container to the networks that its service has in the compose file, with its own names and address. */
  async function attach(container: ListedContainer, state: ContainerState, { networks = [] }: Wanted): Promise<void> {
    for (const network of networks) {
      const attached = attachmentOf(network, container, state);
      if (attached === 'sound') continue;
      if (attached !== 'absent') await docker.disconnect(container.id, network.name);
      await docker.connect(container.id, network.name, {
        ip: network.ip ?? '',
        aliases: aliasesOn(network, container),
      });
    }
  }

  async function mend(container: ListedContainer, state: ContainerState | undefined): Promise<void> {
    const wanted = project.spec.services[container.service];
    if (state === undefined || (wanted?.oneShot === true && isDone(state))) return;
    if (state.paused) await docker.unpause(container.id);
    if (wanted !== undefined) await attach(container, state, wanted);
    if (!state.running) await docker.start(container.id);
    if (wanted !== undefined && !sameLimits(wanted.limits, state.limits)) {
      await docker.limit(container.id, exactly(wanted.limits));
    }
  }

  /**
   * Calls `act` with the container that has this name now. Does nothing when there is none: a container that is made
   * again is made as the compose file says.
   */
  async function there(ref: ContainerRef, act: (now: ListedContainer) => Promise<void>): Promise<void> {
    const now = (await project.list()).find((c) => c.name === ref.name);
    if (now !== undefined) await act(now);
  }

  /**
   * Unpauses and starts a container. When the container's process died at the moment of a pause, the engine still calls
   * the container paused for a moment, and can neither unpause nor start it.
   */
  async function wake(id: string): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        await docker.unpause(id);
        return await docker.start(id);
      } catch (error) {
        const refused = error instanceof ChaosError && error.code === 'CHAOS_ENGINE_REFUSED';
        if (!refused || tried === WAKES) throw error;
        await delay(WAKE_AGAIN_MS);
      }
    }
  }

  /** Makes a container run. A container that is gone is made again, unless its service no longer needs it. */
  async function run({ name, service }: ContainerRef): Promise<void> {
    const listed = await project.list();
    const now = listed.find((c) => c.name === name);
    if (now !== undefined) await wake(now.id);
    else if (missingContainers(listed, project.spec).some((c) => c.name === name)) await make(service, name);
  }

  return {
    undo: {
      'start-container': ({ container }) => run(container),
      'unpause-container': ({ container }) => run(container),
      'make-container': ({ container }) => run(container),
      'connect-network': ({ container, network, ip, aliases }) =>
        there(container, ({ id }) => docker.connect(id, network, { ip, aliases })),
      'set-limits': ({ container, limits }) => there(container, ({ id }) => docker.limit(id, limits)),
      'scale-service': ({ service, replicas }) => scale(project, compose, service, replicas),
      'give-image': ({ container, image }) => giveImage(project, container, image),
    },
    commands: {
      in: (command) => inContainer(project, command),
      beside: (command) => inContainer(project, command),
      outside: (command) => inContainer(project, command),
      compose: (command) => composeKeepingLogs(project, compose, command.compose),
    },

    async residue({ containers: listed, states }) {
      const { spec } = project;
      const found = listed.flatMap((container, i) => {
        const state = states[i];
        return state === undefined || isNext(container)
          ? []
          : containerResidue(container, state, spec.services[container.service]);
      });
      const helpers = (await docker.helpers.left(spec.project)).map(({ name }) => {
        return { kind: 'helper container', target: name, how_to_undo: `docker rm -f ${name}` };
      });
      const counted = [...missingResidue(listed, spec), ...surplusResidue(listed, spec)];
      return [...found, ...counted, ...unfinishedResidue(listed), ...helpers];
    },

    snapshot: ({ containers: listed, states }) =>
      Promise.resolve(
        Object.fromEntries(
          listed.flatMap((container, i) => {
            const state = states[i];
            return state === undefined ? [] : [[container.name, containerValues(container, state)]];
          }),
        ),
      ),

    async restore({ containers: listed, states }: Seen) {
      const helpers = await docker.helpers.left(project.spec.project);
      await Promise.all(helpers.map((h) => docker.remove(h.id)));
      await settle(project, listed);
      await Promise.all(listed.flatMap((container, i) => (isNext(container) ? [] : mend(container, states[i]))));
      for (const { service, name } of missingContainers(listed, project.spec)) await make(service, name);
      await Promise.all(surplusContainers(listed, project.spec).map((c) => docker.remove(c.id)));
    },

    /** Gives each container the image that it had. One after another, so that a service is never without containers. */
    async giveBack(before: Snapshot, { containers: listed }: Seen) {
      for (const { id, name, service, image } of listed) {
        const had = before[name]?.[IMAGE];
        if (had === undefined || had === shortImage(image)) continue;
        const found = await docker.image(had);
        if (found !== undefined) await giveImage(project, { id, name, service }, found);
      }
    },
  };
}

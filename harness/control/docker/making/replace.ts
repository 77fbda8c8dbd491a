import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '../../../core/errors.ts';
import { heirName, type ImageRef, isNext, nextName, noImage } from '../../../core/topology/replacing.ts';
import type { Residue } from '../../../core/topology/residue.ts';
import type { ContainerRef } from '../../../core/topology/state.ts';
import type { ListedContainer } from '../docker.ts';
import type { Project } from '../project.ts';

/**
 * When a container gets its old image back, the new container has this long to become healthy. Then it takes the place in
 * any case: it is what was there before. With the end of the other container, this is less than an undo may take.
 * Milliseconds.
 */
const HEALTHY_MS = 8_000;
/** Seconds that a container has to end by itself when another one gives the place its old image back. */
const GRACE_S = 8;
const LOOK_AGAIN_MS = 250;

/** The containers at one place: the container that has the name, and the container that is to take its place. */
interface Place {
  readonly there: ListedContainer | undefined;
  readonly next: ListedContainer | undefined;
}

async function placeOf(project: Project, name: string): Promise<Place> {
  const listed = await project.list();
  return { there: listed.find((c) => c.name === name), next: listed.find((c) => isNext(c) && c.place === name) };
}

const noContainer = (name: string): ChaosError =>
  new ChaosError('CHAOS_NO_TARGET', {
    what: `there is no container ${name}`,
    hint: 'Is the topology up (`chaos topology up`)?',
    exit: 'not-ready',
  });

// --- the steps of an update: each is one turn at the place ------------------------------------------------------

/** Makes the container that is to take the place of this one. See `Containers.prepareNext`. */
export const prepareNext = (project: Project, { name }: ContainerRef, image: string): Promise<void> =>
  project.inTurn(name, () => makeNext(project, name, image));

/** Starts the container that is to take the place of this one. */
export const startNext = (project: Project, { name }: ContainerRef): Promise<void> =>
  project.inTurn(name, async () => {
    const { there, next } = await placeOf(project, name);
    // With the order "stop-first" the new container has the place already when it is started.
    const started = next ?? there;
    if (started === undefined) throw noContainer(name);
    await project.docker.start(started.id);
  });

/**
 * Ends and removes a container, and keeps what it has logged. A container that is gone is a success. It has as long to end
 * by itself as it was made with.
 */
export const retire = (project: Project, { name }: ContainerRef): Promise<void> =>
  project.inTurn(name, () => endOld(project, name));

/** Gives the place of a container that is gone to the container that was made for it. */
export const takePlace = (project: Project, { name }: ContainerRef): Promise<void> =>
  project.inTurn(name, () => inherit(project, name));

/**
 * Gives a container this image, whatever an update has made of the place. The other container ends when the new one is
 * healthy, unless the container publishes ports: two containers cannot have one port. Does nothing when the container is
 * gone: then it is made again as the compose file says.
 */
export const giveImage = (project: Project, { name }: ContainerRef, image: ImageRef): Promise<void> =>
  project.inTurn(name, async () => {
    const { there, next } = await placeOf(project, name);
    if (there === undefined) return next === undefined ? undefined : fill(project, name, next, image);
    if (there.image !== image.id) return replace(project, name, image);
    if (next !== undefined) await keepOld(project, there, next);
    // A deploy of the same image killed the bad container that it had made here, and the engine does not start such a
    // container by itself. A container that no deploy has made was stopped by somebody else.
    else if (there.place !== undefined && !there.running) await startDead(project, there);
  });

// --- what the steps do ------------------------------------------------------------------------------------------

async function makeNext(project: Project, name: string, image: string, graceS?: number): Promise<void> {
  const found = await project.docker.image(image);
  if (found === undefined) throw noImage(image);
  const { there, next } = await placeOf(project, name);
  if (there === undefined) throw noContainer(name);
  if (next !== undefined) await removeKept(project, next, graceS);
  const { limits = { cpus: undefined, memoryBytes: undefined } } = project.spec.services[there.service] ?? {};
  await project.docker.makeNext(there, name, found, limits);
}

/** `graceS`: seconds that the container has to end by itself; by default the seconds that it was made with. */
async function endOld(project: Project, name: string, graceS?: number): Promise<void> {
  const { there, next } = await placeOf(project, name);
  if (there === undefined) return;
  if (next !== undefined && !isHeir(next)) await project.docker.rename(next.id, heirName(name));
  await removeKept(project, there, graceS);
}

async function inherit(project: Project, name: string): Promise<void> {
  const { there, next } = await placeOf(project, name);
  if (next === undefined && there !== undefined) return;
  if (next === undefined) throw noContainer(nextName(name));
  await project.docker.rename(next.id, name);
}

/** Whether the container at the place that this one is to take was, or is about to be, asked to end. */
const isHeir = ({ name, place = '' }: ListedContainer): boolean => name === heirName(place);

/** Removes a container that has not taken the place of another. The other goes on, also when it was asked to end. */
async function keepOld(project: Project, there: ListedContainer, next: ListedContainer): Promise<void> {
  if (isHeir(next)) {
    await project.docker.end(there.id, GRACE_S);
    await project.docker.start(there.id);
  }
  await removeKept(project, next, GRACE_S);
}

/** Starts a container that has ended. A container that is paused has not. */
async function startDead({ docker }: Project, { id }: ListedContainer): Promise<void> {
  if (!(await docker.inspect(id)).paused) await docker.start(id);
}

/** Gives a free place to the container that was made for it, and then the image, when it has another. */
async function fill(project: Project, name: string, next: ListedContainer, image: ImageRef): Promise<void> {
  await project.docker.rename(next.id, name);
  if (next.image === image.id) await project.docker.start(next.id);
  else await replace(project, name, image);
}

/** Replaces the container at a place by a container of this image. Goes on with a replacement that was cut short. */
async function replace(project: Project, name: string, image: ImageRef): Promise<void> {
  const { docker } = project;
  const begun = await placeOf(project, name);
  if (begun.next?.image !== image.id) {
    const given = (await docker.image(image.name))?.id === image.id ? image.name : image.id;
    await makeNext(project, name, given, GRACE_S);
  }
  const { there, next } = await placeOf(project, name);
  if (there === undefined || next === undefined) throw noContainer(name);
  const alone = await docker.publishes(there.id);
  if (alone) await endOld(project, name, GRACE_S);
  await docker.start(next.id);
  if (!alone) {
    await healthy(project, next.id);
    await endOld(project, name, GRACE_S);
  }
  await inherit(project, name);
}

/** Waits until the container is healthy, or runs when it has no health check; `HEALTHY_MS` at most. */
async function healthy({ docker }: Project, id: string): Promise<void> {
  for (const until = performance.now() + HEALTHY_MS; performance.now() < until; await delay(LOOK_AGAIN_MS)) {
    const { running, health } = await docker.inspect(id);
    if (running && (health === 'healthy' || health === 'none')) return;
  }
}

/** A container that is paused cannot end by itself. */
async function removeKept(project: Project, container: ListedContainer, graceS?: number): Promise<void> {
  const { docker } = project;
  await docker.unpause(container.id);
  if (container.running) await docker.end(container.id, graceS);
  await project.keepLog(container);
  await docker.remove(container.id);
}

/** Returns the containers that were to take the place of others, and did not. An update was cut short. */
const unfinished = (containers: readonly ListedContainer[]): readonly ListedContainer[] => containers.filter(isNext);

export const unfinishedResidue = (containers: readonly ListedContainer[]): Residue[] =>
  unfinished(containers).map(({ name, place = '' }) => ({
    kind: 'container of an unfinished deploy',
    target: name,
    how_to_undo: howToSettle(name, place, containers),
  }));

function howToSettle(name: string, place: string, containers: readonly ListedContainer[]): string {
  if (!containers.some((c) => c.name === place)) return `docker rename ${name} ${place} && docker start ${place}`;
  return name === heirName(place) ? `docker restart ${place} && docker rm -f ${name}` : `docker rm -f ${name}`;
}

/**
 * Ends updates that were cut short: a container that has no other at its place takes the place, others are removed. What
 * is under way at a place ends first, and may leave nothing to do.
 */
export async function settle(project: Project, containers: readonly ListedContainer[]): Promise<void> {
  for (const { place = '' } of unfinished(containers))
    await project.inTurn(place, async () => {
      const { there, next } = await placeOf(project, place);
      if (next === undefined) return;
      if (there !== undefined) return keepOld(project, there, next);
      await project.docker.rename(next.id, place);
      await project.docker.start(next.id);
    });
}

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

/** Makes the container that is to take the place of this one. See `Containers.prepareNext`. */
export async function prepareNext(project: Project, { name }: ContainerRef, image: string): Promise<void> {
  const found = await project.docker.image(image);
  if (found === undefined) throw noImage(image);
  const { there, next } = await placeOf(project, name);
  if (there === undefined) throw noContainer(name);
  if (next !== undefined) await removeKept(project, next);
  await project.docker.makeNext(there, name, found);
}

/** Starts the container that is to take the place of this one. */
export async function startNext(project: Project, { name }: ContainerRef): Promise<void> {
  const { there, next } = await placeOf(project, name);
  // With the order "stop-first" the new container has the place already when it is started.
  const started = next ?? there;
  if (started === undefined) throw noContainer(name);
  await project.docker.start(started.id);
}

/**
 * Ends and removes a container, and keeps what it has logged. A container that is gone is a success. It has `graceS`
 * seconds to end by itself; by default the seconds that it was made with.
 */
export async function retire(project: Project, { name }: ContainerRef, graceS?: number): Promise<void> {
  const { there, next } = await placeOf(project, name);
  if (there === undefined) return;
  if (next !== undefined && !isHeir(next)) await project.docker.rename(next.id, heirName(name));
  await removeKept(project, there, graceS);
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

/** Gives the place of a container that is gone to the container that was made for it. */
export async function takePlace(project: Project, { name }: ContainerRef): Promise<void> {
  const { there, next } = await placeOf(project, name);
  if (next === undefined && there !== undefined) return;
  if (next === undefined) throw noContainer(nextName(name));
  await project.docker.rename(next.id, name);
}

/** What the ways back are doing at this moment, by the name of the container. */
export type WaysBack = Map<string, Promise<void>>;

/**
 * Gives a container this image, after everything that is under way for this container. A way back that took too long is
 * carried out once more while the first goes on.
 */
export function giveImageInTurn(
  project: Project,
  underWay: WaysBack,
  container: ContainerRef,
  image: ImageRef,
): Promise<void> {
  const before = underWay.get(container.name) ?? Promise.resolve();
  const now = before.catch(() => undefined).then(() => giveImage(project, container, image));
  underWay.set(container.name, now);
  return now;
}

/**
 * Gives a container this image, whatever an update has made of the place. The other container ends when the new one is
 * healthy, unless the container publishes ports: two containers cannot have one port. Does nothing when the container is
 * gone: then it is made again as the compose file says.
 */
export async function giveImage(project: Project, container: ContainerRef, image: ImageRef): Promise<void> {
  const { docker } = project;
  const { name } = container;
  const place = await placeOf(project, name);
  if (place.there === undefined && place.next !== undefined) {
    await docker.rename(place.next.id, name);
    await docker.start(place.next.id);
  }
  const there = place.there ?? place.next;
  if (there === undefined) return;
  if (there.image === image.id) {
    if (place.there !== undefined && place.next !== undefined) await keepOld(project, place.there, place.next);
    return;
  }
  await prepareNext(project, container, (await docker.image(image.name))?.id === image.id ? image.name : image.id);
  const alone = await docker.publishes(there.id);
  if (alone) await retire(project, container, GRACE_S);
  await startNext(project, container);
  if (!alone) {
    await healthy(project, nextName(name));
    await retire(project, container, GRACE_S);
  }
  await takePlace(project, container);
}

/** Waits until the container is healthy, or runs when it has no health check; `HEALTHY_MS` at most. */
async function healthy({ docker }: Project, name: string): Promise<void> {
  for (const until = performance.now() + HEALTHY_MS; performance.now() < until; await delay(LOOK_AGAIN_MS)) {
    const { running, health } = await docker.inspect(name);
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

/** Ends an update that was cut short: a container that has no other at its place takes the place, others are removed. */
export async function settle(project: Project, containers: readonly ListedContainer[]): Promise<void> {
  for (const next of unfinished(containers)) {
    const { id, place = '' } = next;
    const there = containers.find((c) => c.name === place);
    if (there !== undefined) await keepOld(project, there, next);
    else {
      await project.docker.rename(id, place);
      await project.docker.start(id);
    }
  }
}

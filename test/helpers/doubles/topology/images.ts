import { createHash } from 'node:crypto';
import { type ImageRef, nextName, shortImage } from '../../../../harness/core/topology/replacing.ts';
import type { ContainerRef } from '../../../../harness/core/topology/state.ts';
import { isThere, named, noTarget, type Scene, start } from './scene.ts';
import type { Container } from './world.ts';

const NAMES = new Map<string, string>();

/** The id of an image. Each name is an image of its own. */
export function imageId(name: string): string {
  const id = `sha256:${createHash('sha256').update(name).digest('hex')}`;
  NAMES.set(id, name);
  return id;
}

/** The image of this name or id. A name that ends with "missing" is the name of no image. */
export function imageNamed(wanted: string): ImageRef | undefined {
  const known = [...NAMES].find(([id]) => id === wanted || shortImage(id) === wanted);
  if (known !== undefined) return { id: known[0], name: known[1] };
  return wanted.endsWith('missing') ? undefined : { id: imageId(wanted), name: wanted };
}

/** Says whether a container runs an image with this defect: its name says it. */
export const hasDefect = ({ image }: Pick<Container, 'image'>, defect: string): boolean =>
  NAMES.get(image)?.endsWith(`-${defect}`) === true;

/** What the replica says at /metrics. */
export const metricsOf = (container: Container): string =>
  [
    'HTTP/1.1 200 OK',
    '',
    'http_requests_total{method="GET",route="/health",status="200"} 90',
    `http_requests_total{method="GET",route="/api/dashboard",status="${hasDefect(container, 'answers-500') ? 500 : 200}"} 40`,
  ].join('\n');

/** Makes a container of another image beside the container of this name. */
export function prepareNext(scene: Scene, { name }: ContainerRef, image: string): void {
  const there = named(scene, name);
  const found = imageNamed(image);
  if (found === undefined) throw noTarget(`the engine has no image ${image}`);
  const { inside } = scene.sound.containers[name] ?? there;
  scene.world.containers[nextName(name)] = {
    ...structuredClone(there),
    inside: structuredClone(inside),
    image: found.id,
    place: name,
    state: 'stopped',
  };
  scene.past.push(`${name} was made`);
}

export function startNext(scene: Scene, { name }: ContainerRef): void {
  start(scene, isThere(scene, nextName(name)) ? nextName(name) : name);
}

export function takePlace({ world }: Scene, { name }: ContainerRef): void {
  const next = world.containers[nextName(name)];
  if (next === undefined) return;
  const { place: _, ...container } = next;
  world.containers[name] = container;
  delete world.containers[nextName(name)];
}

/** Gives a container this image, whatever an update has made of its place. */
export function giveImage(scene: Scene, ref: ContainerRef, image: ImageRef): void {
  const { world } = scene;
  const { name } = ref;
  if (!isThere(scene, name) && isThere(scene, nextName(name))) {
    takePlace(scene, ref);
    start(scene, name);
  }
  delete world.containers[nextName(name)];
  if (!isThere(scene, name) || named(scene, name).image === image.id) return;
  prepareNext(scene, ref, image.id);
  delete world.containers[name];
  takePlace(scene, ref);
  start(scene, name);
}

import { ChaosError } from '../errors.ts';
import type { ContainerRef } from './state.ts';

/** An image that the engine has. */
export interface ImageRef {
  /** "sha256:…" */
  readonly id: string;
  /** "shop/app:1.4", or the id when the image has no name. */
  readonly name: string;
}

/** Stands for the image that the compose file names, in the image of a deploy. */
const OWN_IMAGE = '{{image}}';

/** A name of an image as `docker run` takes it. A port is followed by a path, and a tag is not. */
const NAME =
  /^[a-z\d][a-z\d._-]*(?::\d+(?=\/))?(?:\/[a-z\d][a-z\d._-]*)*(?::\w[\w.-]{0,127})?(?:@sha256:[\da-f]{64})?$/;
const OWN_NAME = /^\{\{image\}\}[\w.-]*$/;
const ID = /^sha256:[\da-f]{64}$/;

/** Says whether a text can be the image of a deploy. */
export const isImage = (text: string): boolean => [ID, NAME, OWN_NAME].some((form) => form.test(text));

/** Returns the name of the image that is meant. `own`: the service's image in the compose file. */
export const imageMeant = (written: string, own: string): string => written.replace(OWN_IMAGE, own);

/** Says whether a deploy takes the service's own image again. Then only the containers are new. */
export const isOwnImage = (written: string): boolean => written === OWN_IMAGE;

/** Returns how an image is called in states and snapshots: the first 12 digits of its id. */
export const shortImage = (id: string): string => id.replace('sha256:', '').slice(0, 12);

/** Returns the name of a container that is to take the place of another, until the other is asked to end. */
export const nextName = (name: string): string => `${name}-next`;

/**
 * Returns the name of a container that is to take the place of another, from the moment before the other is asked to end.
 * The engine does not say of a container that it was asked to end. By this name, whoever heals knows that the other
 * container may end at any moment, although it still runs.
 */
export const heirName = (name: string): string => `${name}-heir`;

export const nextOf = ({ name, service }: ContainerRef): ContainerRef => ({
  id: nextName(name),
  name: nextName(name),
  service,
});

/** Says whether a container is to take the place of another and has not done so yet. */
export const isNext = ({ name, place }: { readonly name: string; readonly place?: string | undefined }): boolean =>
  place !== undefined && place !== name;

/**
 * Says whether a container is one more than its service has: it is to take the place of a container that is still there.
 * Between the end of the old container and the new name of the other, the other is the container of the place.
 */
export const isBeside = <C extends { readonly name: string; readonly place?: string | undefined }>(
  container: C,
  containers: readonly C[],
): boolean => isNext(container) && containers.some(({ name }) => name === container.place);

/** The error that an image is not there. */
export const noImage = (name: string): ChaosError =>
  new ChaosError('CHAOS_NO_IMAGE', {
    what: `the engine has no image ${name}`,
    hint: 'Build or pull it. `chaos setup` builds the images of the shipped topology, its bad releases too.',
    exit: 'not-ready',
  });

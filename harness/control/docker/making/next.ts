import { isDeepStrictEqual } from 'node:util';
import type Docker from 'dockerode';
import { type ImageRef, nextName } from '../../../core/topology/replacing.ts';
import { ADDED_LABEL, type Made, NUMBER_LABEL, PLACE_LABEL, remadeAs } from './remake.ts';

/** Compose labels the images that it builds too, with the service for which it built them. */
const COMPOSE_LABEL = 'com.docker.compose.';
/** The label by which Compose knows whether a container runs the image that its compose file names now. */
const IMAGE_LABEL = `${COMPOSE_LABEL}image`;

/** What an image gives to every container that is made of it. */
export type ImageConfig = Partial<Docker.ImageInspectInfo['Config']>;

/** Values that a container has from its image, unless it was made with others. */
const WHOLE = ['Cmd', 'Entrypoint', 'WorkingDir', 'User', 'StopSignal', 'Healthcheck', 'Shell', 'OnBuild'] as const;
/** Maps to which an image gives some entries, and the container's maker others. */
const MAPS = ['ExposedPorts', 'Volumes', 'Labels'] as const;

type Config = Made['Config'];
type Entries = Readonly<Record<string, unknown>>;

/**
 * Returns the options of a container that is to take the place of `made`, of another image. The engine puts what an image
 * gives (variables, the command, the health check) into the description of the container. So everything is left out that
 * the old image gave: the new image gives its own.
 */
export function nextMadeOf(made: Made, old: ImageConfig, place: string, image: ImageRef): ReturnType<typeof remadeAs> {
  const number = Number(made.Config.Labels[NUMBER_LABEL] ?? '1');
  const own = { ...made, Config: withoutImage(made.Config, old) };
  // The container of a controller stays one: what a controller added is taken away at the end.
  const added = made.Config.Labels[ADDED_LABEL];
  const labels = {
    [PLACE_LABEL]: place,
    [IMAGE_LABEL]: image.id,
    ...(added === undefined ? {} : { [ADDED_LABEL]: added }),
  };
  const next = remadeAs(own, place, number, labels);
  return { ...next, name: nextName(place), Image: image.name };
}

function withoutImage(config: Config, old: ImageConfig): Config {
  const given = old as Entries;
  const own: Record<string, unknown> = { ...config };
  for (const key of WHOLE) if (isDeepStrictEqual(own[key], given[key])) delete own[key];
  for (const key of MAPS) if (own[key] !== undefined) own[key] = without(own[key] as Entries, given[key] as Entries);
  const variables = new Set(old.Env ?? []);
  own['Env'] = ((config.Env as Config['Env'] | null) ?? []).filter((variable) => !variables.has(variable));
  return own as unknown as Config;
}

/** Returns the entries of a map that an image did not give. Labels of Compose are always the container's own. */
const without = (map: Entries | null, given: Entries | null = {}): Entries =>
  Object.fromEntries(
    Object.entries(map ?? {}).filter(
      ([key, value]) => key.startsWith(COMPOSE_LABEL) || !isDeepStrictEqual(value, given?.[key]),
    ),
  );

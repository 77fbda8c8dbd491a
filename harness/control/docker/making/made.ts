import type { TopologySpec } from '../../../core/topology/spec.ts';
import type { EngineCalls } from '../engine/calls.ts';
import { HELPER_LABEL, PROJECT_LABEL, SERVICE_LABEL } from '../helpers.ts';
import { ADDED_LABEL, NUMBER_LABEL } from './remake.ts';

/**
 * The label of every container, network and volume that the harness made. It is given when the thing is made, and its
 * value is the project. Nothing without a label of the harness is ever removed: it is somebody else's.
 */
const MADE_LABEL = 'chaos.made';
const NETWORK_LABEL = 'com.docker.compose.network';
const VOLUME_LABEL = 'com.docker.compose.volume';

/** Seconds that a container has to end by itself. All containers of a project have longer when a volume of it stays. */
const GRACE_S = { usual: 1, 'with a volume that stays': 10 } as const;
/** Milliseconds that the engine may take to end and remove a container, beside its grace. */
const REMOVE_MS = 30_000;

type Kind = 'container' | 'network' | 'volume';
const KINDS: readonly Kind[] = ['container', 'network', 'volume'];

interface Thing {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  /** The key of the thing in the compose file. */
  readonly key: string;
  /** True when the harness made it. */
  readonly made: boolean;
}

type Labels = Readonly<Record<string, string>> | null | undefined;

const isOurs = (labels: Labels): boolean =>
  [MADE_LABEL, ADDED_LABEL, HELPER_LABEL].some((label) => labels?.[label] !== undefined);

const projectLabel = (project: string): string => `${PROJECT_LABEL}=${project}`;

/**
 * The labels by which the containers of a project are found. An image that Compose made has the label of the project too,
 * and so has each container that anybody runs from it: only Compose gives numbers.
 */
export const memberLabels = (project: string): string[] => [projectLabel(project), NUMBER_LABEL];

/** Returns the containers, networks and volumes of a project, in the order in which they can be removed. */
const thingsOf = (engine: EngineCalls, project: string): Promise<readonly Thing[]> =>
  things(engine, projectLabel(project), memberLabels(project));

/** Returns the containers, networks and volumes with a label, in the order in which they can be removed. */
async function things(engine: EngineCalls, label: string, ofContainers: string[] = [label]): Promise<readonly Thing[]> {
  const { docker } = engine;
  const filters = { label: [label] };
  const [containers, networks, volumes] = await Promise.all([
    engine.call('list containers', () => docker.listContainers({ all: true, filters: { label: ofContainers } })),
    engine.call('list networks', () => docker.listNetworks({ filters })),
    engine.call('list volumes', () => docker.listVolumes({ filters })),
  ]);
  const thing = (kind: Kind, id: string, name: string, labels: Labels, key: string): Thing => ({
    kind,
    id,
    name,
    key: labels?.[key] ?? '',
    made: isOurs(labels),
  });
  return [
    ...containers.map((c) =>
      thing('container', c.Id, (c.Names[0] ?? c.Id).replace(/^\//, ''), c.Labels, SERVICE_LABEL),
    ),
    ...networks.map((n) => thing('network', n.Id, n.Name, n.Labels, NETWORK_LABEL)),
    ...(volumes.Volumes ?? []).map((v) => thing('volume', v.Name, v.Name, v.Labels, VOLUME_LABEL)),
  ];
}

/** How a project is made so that nothing is touched that somebody else made. */
export interface Making {
  /**
   * A compose file that gives the label of the harness to what is to be made. Undefined when nothing gets the label.
   */
  readonly overlay: string | undefined;
  /** True when containers or networks are there that somebody else made. */
  readonly besideOthers: boolean;
}

/**
 * Says how a project is to be made. What somebody else made does not get the label, because Compose makes a container
 * again when a label has changed. When somebody else made a container or a network of the project, and the harness made
 * nothing of it, what is missing is made without the label too.
 */
export async function makingOf(engine: EngineCalls, spec: TopologySpec): Promise<Making> {
  const there = await thingsOf(engine, spec.project);
  const foreign = there.filter(({ made }) => !made);
  // Somebody's `docker compose down` leaves the volumes. When only volumes are somebody else's, the new containers are
  // ours.
  const besideOthers = foreign.some(({ kind }) => kind !== 'volume');
  if (besideOthers && !there.some(({ made }) => made)) return { overlay: undefined, besideOthers };
  const labelled = (kind: Kind, keys: readonly string[]): object =>
    Object.fromEntries(
      keys
        .filter((key) => !foreign.some((thing) => thing.kind === kind && thing.key === key))
        .map((key) => [key, { labels: { [MADE_LABEL]: spec.project } }]),
    );
  const { networks = {}, volumes = {} } = spec.makes ?? {};
  const overlay = {
    services: labelled('container', Object.keys(spec.services)),
    networks: labelled('network', Object.keys(networks)),
    volumes: labelled('volume', Object.keys(volumes)),
  };
  return { overlay: JSON.stringify(overlay), besideOthers };
}

/**
 * Removes what the harness made of a project: containers, then networks, then volumes. Resolves with what stays, for
 * people: "volume shop_data".
 */
export async function removeMade(engine: EngineCalls, project: string): Promise<readonly string[]> {
  const there = await thingsOf(engine, project);
  const stays = there.filter(({ made }) => !made);
  const grace = stays.some(({ kind }) => kind === 'volume') ? GRACE_S['with a volume that stays'] : GRACE_S.usual;
  const made = there.filter((thing) => thing.made);
  const unremoved = await removeThings(engine, made, grace, () => undefined);
  return [...stays.map(({ kind, name }) => `${kind} ${name}`), ...unremoved];
}

/** Returns what there is of a project, whoever made it: "volume shop_data". */
export const remainsOf = async (engine: EngineCalls, project: string): Promise<readonly string[]> =>
  (await thingsOf(engine, project)).map(({ kind, name }) => `${kind} ${name}`);

/** Removes everything with a label of the harness, in every project. `say` receives each thing that is removed. */
export async function removeLabelled(engine: EngineCalls, say: (line: string) => void): Promise<void> {
  const found = await Promise.all([MADE_LABEL, ADDED_LABEL, HELPER_LABEL].map((label) => things(engine, label)));
  const each = new Map(found.flat().map((thing) => [`${thing.kind} ${thing.id}`, thing]));
  for (const left of await removeThings(engine, [...each.values()], GRACE_S.usual, say)) say(`not removed: ${left}`);
}

/** Returns what could not be removed, with the reason. */
async function removeThings(
  engine: EngineCalls,
  found: readonly Thing[],
  graceS: number,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const kind of KINDS) {
    const those = found.filter((thing) => thing.kind === kind);
    await Promise.all(
      those.map(async (thing) => {
        try {
          await remove(engine, thing, graceS);
          say(`removed ${kind} ${thing.name}`);
        } catch (error) {
          left.push(`${kind} ${thing.name} (${(error as Error).message})`);
        }
      }),
    );
  }
  return left;
}

async function remove(engine: EngineCalls, { kind, id, name }: Thing, graceS: number): Promise<void> {
  const { docker } = engine;
  const what = `remove ${kind} ${name}`;
  if (kind === 'network') return engine.idempotent(what, () => docker.getNetwork(id).remove());
  if (kind === 'volume') return engine.idempotent(what, () => docker.getVolume(id).remove());
  const container = docker.getContainer(id);
  await engine
    .idempotent(`stop ${name}`, () => container.stop({ t: graceS }), graceS * 1_000 + REMOVE_MS)
    .catch(() => undefined);
  await engine.idempotent(what, () => container.remove({ force: true, v: true }), REMOVE_MS);
}

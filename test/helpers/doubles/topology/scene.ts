import { ChaosError } from '../../../../harness/core/errors.ts';
import type { TopologySpec } from '../../../../harness/core/topology/spec.ts';
import type { Container, World } from './world.ts';

/** A topology in memory, as the parts of the double share it. */
export interface Scene {
  readonly spec: TopologySpec;
  /** How everything should be. Containers are made and started as it says. */
  readonly sound: World;
  /** How everything is now. */
  world: World;
  /** How many containers a controller or an undo has asked for, by service. Otherwise it is as `sound` says. */
  readonly asked: Map<string, number>;
  /** What no undo takes back, for people: "chaos-app-1 started". */
  readonly past: string[];
  /** The container whose database accepts writes. */
  primary: string;
  /** Whether a container whose main process has ended comes up again by itself, and a restart gets that far. */
  comesBack: boolean;
}

/** Returns the container with this name. Throws CHAOS_NO_TARGET when it is gone. */
export function named({ world }: Scene, name: string): Container {
  const found = world.containers[name];
  if (found === undefined) throw noTarget(`no container is named ${name}`);
  return found;
}

/** Returns a container in which a command can be run. Throws CHAOS_NO_TARGET when it does not run. */
export function running(scene: Scene, name: string): Container {
  const found = named(scene, name);
  if (found.state !== 'running') throw noTarget(`${name} is ${found.state}`);
  return found;
}

/** The engine's id of a container. A container that was made again has another id. */
export function idOf({ past }: Scene, name: string): string {
  const again = past.filter((line) => line === `${name} was made`).length;
  return again === 0 ? name : `${name}~${again + 1}`;
}

export const isThere = ({ world }: Scene, name: string): boolean => world.containers[name] !== undefined;

/** Starts a container that is stopped. The engine refuses to start a container that is paused. */
export function start(scene: Scene, name: string): void {
  const container = named(scene, name);
  if (container.state === 'paused') throw new Error(`${name} is paused and cannot be started`);
  if (container.state === 'running') return;
  container.state = 'running';
  scene.past.push(`${name} started`);
}

/** Stops a container. What it had in its processes, in its network and in memory is gone. */
export function stop(scene: Scene, name: string): void {
  const container = named(scene, name);
  container.state = 'stopped';
  container.inside = structuredClone(soundContainer(scene, container.place ?? name).inside);
}

/** Ends the main process of a container, and starts the container again if it comes back. */
export function endMain(scene: Scene, name: string): void {
  running(scene, name);
  stop(scene, name);
  if (scene.comesBack) start(scene, name);
}

/**
 * Makes a container run. Makes one that is gone, as the compose file describes it, unless its service shall have fewer
 * containers now.
 */
export function runAgain(scene: Scene, name: string): void {
  const container = scene.world.containers[name];
  if (container !== undefined) {
    if (container.state === 'paused') container.state = 'running';
    return start(scene, name);
  }
  const sound = soundContainer(scene, name);
  const there = Object.values(scene.world.containers).filter(
    ({ service, place }) => service === sound.service && place === undefined,
  ).length;
  if (there >= (scene.asked.get(sound.service) ?? Infinity)) return;
  scene.world.containers[name] = structuredClone(sound);
  scene.past.push(`${name} was made`);
}

function soundContainer({ sound }: Scene, name: string): Container {
  const found = sound.containers[name];
  if (found === undefined) throw noTarget(`the compose file describes no container ${name}`);
  return found;
}

export const noTarget = (what: string): ChaosError =>
  new ChaosError('CHAOS_NO_TARGET', { what, hint: 'Is the topology up?', exit: 'not-ready' });

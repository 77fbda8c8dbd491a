import { containerName, draw, servicesOf, type Target } from '../../../../harness/core/topology/aim.ts';
import { ChaosError } from '../../../../harness/core/errors.ts';
import type { Containers } from '../../../../harness/core/topology/control.ts';
import { shortImage } from '../../../../harness/core/topology/replacing.ts';
import type { ContainerRef, ContainerState } from '../../../../harness/core/topology/state.ts';
import { containerState } from '../../samples/container.ts';
import { hasDefect, imageNamed, prepareNext, startNext, takePlace } from './images.ts';
import { limit } from './limits.ts';
import { count, scale } from './scale.ts';
import { endMain, idOf, isThere, named, noTarget, running, type Scene, start, stop } from './scene.ts';

/** Bytes of memory that every container uses. */
const IN_USE = 134_217_728;

const refOf = (scene: Scene, name: string): ContainerRef => ({
  id: idOf(scene, name),
  name,
  service: named(scene, name).service,
});

function stateOf(scene: Scene, name: string): ContainerState {
  const container = structuredClone(named(scene, name));
  const { state, health, limits, networks, image, place } = container;
  const loops = state === 'running' && hasDefect(container, 'does-not-start');
  return containerState({
    container: name,
    status: loops ? 'restarting' : state === 'stopped' ? 'exited' : state,
    running: state !== 'stopped' && !loops,
    restarts: loops ? 2 : 0,
    exitCode: loops ? 1 : 0,
    paused: state === 'paused',
    health: hasDefect(container, 'slow-start') ? 'starting' : health,
    image: shortImage(image),
    ...(place === undefined ? {} : { place }),
    limits,
    networks,
  });
}

/** Returns the names of the containers that a target may select. */
function able(scene: Scene, target: Target): string[] {
  const { spec, world, primary } = scene;
  const services = servicesOf(spec, target);
  const members = Object.keys(world.containers).filter((name) => {
    const { service, place } = named(scene, name);
    return services.includes(service) && place === undefined;
  });
  const { replica, role } = target;
  if (replica !== undefined) return members.filter((n) => n === containerName(spec, named(scene, n).service, replica));
  if (role === undefined) return members;
  if (world.containers[primary]?.state !== 'running') {
    throw new ChaosError('CHAOS_NO_PRIMARY', { what: 'no node accepts writes', hint: 'Wait.', exit: 'not-ready' });
  }
  return members.filter((name) => (name === primary) === (role === 'primary'));
}

/** Functions in place of methods, so that a test can keep one and replace it. */
type Functions<T> = { [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => R : never };

/** The acts on containers. `act` carries out a change under the name of its method. */
export function containersOf(
  scene: Scene,
  act: (name: string, change: () => void) => Promise<void>,
): Functions<Containers> {
  /** Changes a container by its name. The engine takes a container that is gone for a success. */
  const change = (method: string, c: ContainerRef, how: (name: string) => void): Promise<void> =>
    act(method, () => void (isThere(scene, c.name) && how(c.name)));
  return {
    resolve: async (target, random) => {
      const found = draw(able(scene, target), target, random);
      if (found.length === 0) throw noTarget(`no container matches ${JSON.stringify(target)}`);
      return found.map((name) => refOf(scene, name));
    },
    inspect: async (c) => {
      if (!isThere(scene, c.name)) throw noTarget(`the engine has no container ${c.name}`);
      return stateOf(scene, c.name);
    },
    kill: (c, signal = 'SIGKILL') =>
      change('kill', c, (name) => {
        if (signal !== 'SIGKILL') throw new Error(`the topology in memory does not know what ${signal} does`);
        stop(scene, name);
      }),
    crash: (c) => change('crash', c, (name) => endMain(scene, name)),
    stop: (c) => change('stop', c, (name) => stop(scene, name)),
    restart: (c) =>
      change('restart', c, (name) => {
        stop(scene, name);
        if (!scene.comesBack) throw new Error(`${name} did not start`);
        start(scene, name);
      }),
    remove: (c) => change('remove', c, (name) => void delete scene.world.containers[name]),
    pause: (c) =>
      change('pause', c, (name) => {
        const container = named(scene, name);
        if (container.state === 'running') container.state = 'paused';
      }),
    count: (service) => Promise.resolve(count(scene, service)),
    scale: (service, replicas) => act('scale', () => scale(scene, service, replicas)),
    limit: (c, change) => act('limit', () => limit(scene, c, change)),
    disconnect: (c, network) => change('disconnect', c, (name) => void delete named(scene, name).networks[network]),
    image: (name) => Promise.resolve(imageNamed(name)),
    prepareNext: (c, image) => act('prepareNext', () => prepareNext(scene, c, image)),
    startNext: (c) => act('startNext', () => startNext(scene, c)),
    retire: (c) => change('retire', c, (name) => void delete scene.world.containers[name]),
    takePlace: (c) => act('takePlace', () => takePlace(scene, c)),
    // Nothing is told: containers of this topology change at once, and only by what the harness does.
    follow: () => ({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    counters: async (name) => {
      const { limits, image } = running(scene, name);
      if (hasDefect({ image }, 'leaks')) return { cpu_ms: 0, throttled_ms: 0, memory_free: 1_048_576 };
      const free = (limits.memoryBytes ?? Infinity) - IN_USE;
      return { cpu_ms: 0, throttled_ms: 0, memory_free: Math.max(0, free) };
    },
    states: async (services) =>
      Object.entries(scene.world.containers)
        .filter(([, { service }]) => services.includes(service))
        .map(([name]) => stateOf(scene, name)),
    usage: () => Promise.resolve([]),
    logs: () => Promise.resolve(),
    stdout: () => Promise.resolve(),
  };
}

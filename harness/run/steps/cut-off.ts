import type { Command } from '../../core/topology/command.ts';
import type { Containers, Topology } from '../../core/topology/control.ts';
import type { ContainerRef } from '../../core/topology/state.ts';
import { placeOf, placeOfProxies } from './place.ts';

/** Acts that need a container to run, or change whether it runs. */
const ON_STATE: readonly (keyof Containers)[] = [
  'kill',
  'crash',
  'pause',
  'stop',
  'restart',
  'remove',
  'prepareNext',
  'startNext',
  'retire',
  'takePlace',
];

/** What a call of a fault must pass first. */
export interface Gate {
  /** Throws when the fault is over. */
  readonly open: () => void;
  /** Throws when another fault keeps this container from running. */
  readonly reach: (place: string | undefined) => void;
}

/**
 * Returns the topology as one fault may use it. Every call passes the gate when it is made: an author who forgets to
 * look at the signal still cannot act after the fault is over.
 */
export function cutOff(topology: Topology, gate: Gate): Topology {
  const own = { act: topology.act.bind(topology), ask: topology.ask.bind(topology) };
  const commands = gated(own, gate, (_, [command]) => placeOf(command as Command, topology.spec));
  return {
    get spec() {
      return topology.spec;
    },
    containers: gated(topology.containers, gate, (method, [container]) =>
      (ON_STATE as readonly string[]).includes(method) ? (container as ContainerRef).name : undefined,
    ),
    links: gated(topology.links, gate, () => placeOfProxies(topology.spec)),
    act: commands.act,
    ask: commands.ask,
    offers: (feature) => topology.offers(feature),
  };
}

type Placed = (method: string, args: readonly unknown[]) => string | undefined;

/** Returns an object whose methods pass the gate first. `placed` returns the container that a call needs. */
function gated<T extends object>(part: T, gate: Gate, placed: Placed): T {
  return new Proxy(part, {
    get(of, key) {
      const value: unknown = Reflect.get(of, key, of);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        gate.open();
        gate.reach(placed(String(key), args));
        return (value as (...given: readonly unknown[]) => Promise<unknown>).apply(of, [...args]);
      };
    },
  });
}

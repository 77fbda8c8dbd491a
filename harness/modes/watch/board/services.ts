import type { RunEvent } from '../../../core/record/events.ts';
import { servicesMeant } from '../../../core/topology/aim.ts';
import type { TopologySpec } from '../../../core/topology/spec.ts';
import type { ServiceLook, ServiceState } from '../message.ts';

/** What is known of a container. */
interface Known {
  readonly state: 'up' | 'starting' | 'unhealthy' | 'paused' | 'down';
  /** 'use': only its use of the machine is recorded, so it runs as long as there are figures of it. */
  readonly from: 'state' | 'life' | 'use';
  readonly t: number;
}

/** Resources are read every 5 s. A container without figures for longer than two readings has not been seen. */
const SEEN_MS = 12_000;

/**
 * The state of each service, from what a record says of its containers: their recorded states, what the engine told, their
 * use of the machine, and the roles of members of a group. A service that ends when its work is done is left out.
 */
export class Services {
  readonly #spec: TopologySpec;
  readonly #planned = new Map<string, number>();
  readonly #containers = new Map<string, Map<string, Known>>();
  readonly #roles = new Map<string, string>();
  /** The faults in force, each with the services that it is in force on. */
  readonly #faults = new Map<string, ReadonlySet<string>>();
  readonly #told = new Map<string, string>();

  constructor(spec: TopologySpec) {
    this.#spec = spec;
    for (const { name, replicas, oneShot } of Object.values(spec.services)) {
      if (oneShot === true) continue;
      this.#planned.set(name, replicas);
      this.#containers.set(name, new Map());
    }
  }

  /** Takes an event, and returns the services that are otherwise than before. */
  see(event: RunEvent): readonly ServiceState[] {
    if (!this.#take(event)) return [];
    return [...this.#planned.keys()].flatMap((name) => {
      const state = this.#stateOf(name);
      const text = JSON.stringify(state);
      if (this.#told.get(name) === text) return [];
      this.#told.set(name, text);
      return [state];
    });
  }

  /** How many containers of a service run, and how many there shall be. */
  count(name: string): Pick<ServiceState, 'up' | 'planned'> {
    const { up, planned } = this.#stateOf(name);
    return { up, planned };
  }

  /** Returns whether the event is about a service. */
  #take(event: RunEvent): boolean {
    switch (event.kind) {
      case 'container': {
        const { container, running, paused, health, status } = event;
        const state = !running
          ? 'down'
          : paused
            ? 'paused'
            : health === 'unhealthy' || health === 'starting'
              ? health
              : 'up';
        if (status === 'gone') this.#forget(container);
        else this.#know(container, { state, from: 'state', t: event.t });
        break;
      }
      case 'life':
        this.#live(event.container, event.did, event.t);
        break;
      case 'resources':
        this.#use(event.server_id, event.t);
        break;
      case 'role':
        this.#roles.set(event.member, event.role === 'unknown' ? event.state : event.role);
        break;
      case 'scaled':
        if (this.#planned.has(event.group)) this.#planned.set(event.group, event.to);
        break;
      case 'decided':
        if (this.#planned.has(event.service)) this.#planned.set(event.service, event.to);
        break;
      case 'fault.injected':
        this.#faults.set(event.id, new Set(event.targets.flatMap((target) => this.#hitBy(target))));
        break;
      case 'fault.healed':
        this.#faults.delete(event.id);
        break;
      case 'run.started':
        break;
      default:
        return false;
    }
    return true;
  }

  #live(container: string, did: string, t: number): void {
    const [before] = this.#find(container);
    switch (did) {
      case 'created':
        return this.#know(container, { state: 'starting', from: 'life', t });
      case 'started':
      case 'healthy':
        return this.#know(container, { state: 'up', from: 'life', t });
      case 'unhealthy':
        return this.#know(container, { state: 'unhealthy', from: 'life', t });
      case 'ended':
        return this.#know(container, { state: 'down', from: 'life', t });
      case 'removed':
        return this.#forget(container);
      default:
        if (before !== undefined) this.#know(container, { ...before, t });
    }
  }

  /** Figures of its use show that a container runs, when nothing better is known of it. */
  #use(server: string, t: number): void {
    const [before] = this.#find(server);
    if (before === undefined || before.from === 'use') this.#know(server, { state: 'up', from: 'use', t });
    for (const containers of this.#containers.values())
      for (const [name, { from, t: seen }] of containers)
        if (from === 'use' && t - seen > SEEN_MS) containers.delete(name);
  }

  #find(container: string): readonly Known[] {
    return this.#servicesOf(container).flatMap((service) => this.#containers.get(service)?.get(container) ?? []);
  }

  #know(container: string, known: Known): void {
    for (const service of this.#servicesOf(container)) this.#containers.get(service)?.set(container, known);
  }

  #forget(container: string): void {
    for (const containers of this.#containers.values()) containers.delete(container);
  }

  #servicesOf(container: string): readonly string[] {
    return servicesMeant(this.#spec, container);
  }

  /** Returns the services that a fault on this target hits: of a container, or at the end of a link. */
  #hitBy(target: string): readonly string[] {
    const link = this.#spec.links[target];
    return link === undefined ? this.#servicesOf(target) : [link.to];
  }

  #stateOf(name: string): ServiceState {
    const planned = this.#planned.get(name) ?? 0;
    const containers = [...(this.#containers.get(name)?.values() ?? [])];
    const up = containers.filter(({ state }) => state === 'up').length;
    const notes = new Set(containers.flatMap(({ state }) => (state === 'up' || state === 'down' ? [] : [state])));
    const role = this.#roles.get(name);
    const faults = [...this.#faults].flatMap(([id, hit]) => (hit.has(name) ? [id] : []));
    const known = containers.length > 0;
    return {
      name,
      look: known ? lookOf(up, planned, notes.size > 0) : 'unknown',
      up: known ? up : null,
      planned,
      note: [...(role === undefined ? [] : [role]), ...notes].join(', '),
      faults,
    };
  }
}

function lookOf(up: number, planned: number, unwell: boolean): ServiceLook {
  if (up === 0 && planned > 0) return 'down';
  return up < planned || unwell ? 'degraded' : 'up';
}

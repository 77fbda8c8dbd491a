import { containerName } from '../../core/topology/aim.ts';
import { isBeside, isNext } from '../../core/topology/replacing.ts';
import type { Residue } from '../../core/topology/residue.ts';
import { exactly, sameLimits, type ServiceSpec, type TopologySpec } from '../../core/topology/spec.ts';
import type { ContainerState } from '../../core/topology/state.ts';
import { manualLimits } from '../../core/topology/undo.ts';
import { aliasesOn, attachmentOf } from './making/attach.ts';
import type { ListedContainer } from './docker.ts';
import { isDone } from './unwell.ts';

/** What the compose file says about the containers of a service. */
export type Wanted = Pick<ServiceSpec, 'limits' | 'networks' | 'oneShot'>;

/**
 * Returns what is wrong with one container: paused or stopped, with changed limits, disconnected from a network of its
 * service, or connected without its names or its fixed address. `wanted` is undefined for a service that the compose
 * file does not have.
 */
export function containerResidue(
  container: ListedContainer,
  state: ContainerState,
  wanted: Wanted | undefined,
): Residue[] {
  const target = container.name;
  if (state.paused) return [{ kind: 'paused container', target, how_to_undo: `docker unpause ${target}` }];
  if (wanted?.oneShot === true && isDone(state)) return [];
  if (!state.running) return [{ kind: 'stopped container', target, how_to_undo: `docker start ${target}` }];
  if (wanted === undefined) return [];
  const { limits, networks = [] } = wanted;
  const limited: Residue[] = sameLimits(limits, state.limits)
    ? []
    : [{ kind: 'changed limits', target, how_to_undo: manualLimits(target, exactly(limits)) }];
  const cut = networks.flatMap((network): Residue[] => {
    const attached = attachmentOf(network, container, state);
    if (attached === 'sound') return [];
    const { name, ip } = network;
    const aliases = aliasesOn(network, container).map((alias) => `--alias ${alias} `);
    const connect = `docker network connect ${ip === undefined ? '' : `--ip ${ip} `}${aliases.join('')}${name} ${target}`;
    if (attached === 'absent') {
      return [{ kind: 'disconnected container', target: `${target} from ${name}`, how_to_undo: connect }];
    }
    const again = `docker network disconnect ${name} ${target} && ${connect}`;
    const kind = attached === 'without its names' ? 'lost alias' : 'lost address';
    return [{ kind, target: `${target} on ${name}`, how_to_undo: again }];
  });
  return [...limited, ...cut];
}

/** Returns the state of a container that should be there and is not. */
export const missing = (container: string): ContainerState => ({
  container,
  status: 'missing',
  running: false,
  paused: false,
  pid: 0,
  restarts: 0,
  startedAt: 0,
  finishedAt: 0,
  health: 'none',
  oomKilled: false,
  limits: { cpus: undefined, memoryBytes: undefined },
  networks: {},
});

/** A container that should be there and is not. */
export interface Missing {
  readonly service: string;
  readonly name: string;
}

/**
 * Returns the containers that are missing from services with fewer containers than they shall have. Returns none when
 * the project has no container at all: the topology is down. A one-shot service whose container is gone has done its
 * work.
 */
export function missingContainers(containers: readonly ListedContainer[], spec: TopologySpec): Missing[] {
  if (containers.length === 0) return [];
  return Object.values(spec.services).flatMap(({ name: service, replicas, oneShot }) => {
    // A container that is to take the place of another is no container more. When the place is free, it is its container.
    const there = containers.filter((c) => c.service === service && !isBeside(c, containers));
    const names = new Set(there.map((c) => (isNext(c) ? c.place : c.name)));
    const expected = Array.from({ length: replicas }, (_, i) => containerName(spec, service, i + 1));
    const lacking = oneShot === true ? 0 : Math.max(0, replicas - there.length);
    const absent = expected.filter((name) => !names.has(name)).slice(0, lacking);
    return absent.map((name) => ({ service, name }));
  });
}

export const missingResidue = (containers: readonly ListedContainer[], spec: TopologySpec): Residue[] =>
  missingContainers(containers, spec).map(({ service, name }) => ({
    kind: 'missing container',
    target: name,
    how_to_undo: `docker compose ${spec.files.map((file) => `-f ${file} `).join('')}-p ${spec.project} up --detach --no-deps --no-recreate ${service}`,
  }));

import type Docker from 'dockerode';
import type { ContainerRef, ContainerState } from '../../../core/topology/state.ts';
import { shortImage } from '../../../core/topology/replacing.ts';
import { limitsOf } from './limits.ts';
import { NUMBER_LABEL, ADDED_LABEL, PLACE_LABEL } from '../making/remake.ts';
import { SERVICE_LABEL } from '../helpers.ts';

/** A container of the topology and its number among its service's replicas. */
export interface ListedContainer extends ContainerRef {
  /** 1-based. */
  readonly replica: number;
  readonly running: boolean;
  /** The id of the image. */
  readonly image: string;
  /** True when a controller added the container. */
  readonly added?: true;
  /** The name of the container whose place this container was made to take. */
  readonly place?: string;
}

export interface Counters {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cpuNs: number;
  readonly throttledNs: number;
  /** Bytes, without the inactive file cache. Null when the container is stopping. */
  readonly memory: number | null;
  /** Bytes. Null when the container is stopping. */
  readonly memoryLimit: number | null;
  /** Bytes received and sent, on all networks together. */
  readonly networkBytes: number;
}

/** Reads one entry of the engine's list of containers. */
export const listedOf = (c: Docker.ContainerInfo): ListedContainer => ({
  id: c.Id,
  name: (c.Names[0] ?? c.Id).replace(/^\//, ''),
  service: c.Labels[SERVICE_LABEL] ?? '',
  replica: Number(c.Labels[NUMBER_LABEL] ?? '1'),
  running: c.State === 'running',
  image: c.ImageID,
  ...(ADDED_LABEL in c.Labels ? { added: true as const } : {}),
  ...placeIn(c.Labels),
});

function placeIn(labels: Readonly<Record<string, string>>): { place?: string } {
  const place = labels[PLACE_LABEL];
  return place === undefined ? {} : { place };
}

/** Reads the engine's description of a container. */
export function stateOf(info: Docker.ContainerInspectInfo): ContainerState {
  const epoch = (text: string): number => (text.startsWith('0001') ? 0 : Date.parse(text));
  const networks = Object.entries(info.NetworkSettings.Networks).map(
    ([name, n]) => [name, { ip: n.IPAddress, aliases: n.Aliases ?? [] }] as const,
  );
  return {
    container: info.Name.replace(/^\//, ''),
    status: info.State.Status,
    running: info.State.Running,
    paused: info.State.Paused,
    pid: info.State.Pid,
    restarts: info.RestartCount,
    startedAt: epoch(info.State.StartedAt),
    finishedAt: epoch(info.State.FinishedAt),
    health: info.State.Health?.Status ?? 'none',
    oomKilled: info.State.OOMKilled,
    exitCode: info.State.ExitCode,
    limits: limitsOf(info.HostConfig),
    slowDisk: (info.HostConfig.BlkioDeviceWriteIOps ?? []).length > 0,
    image: shortImage(info.Image),
    ...placeIn(info.Config.Labels),
    networks: Object.fromEntries(networks),
  };
}

/** Reads the engine's counters of a container. For a container that stops meanwhile, the engine sends empty blocks. */
export function countersOf(stats: Docker.ContainerStats): Counters {
  const networks = Object.values((stats.networks ?? {}) as Record<string, { rx_bytes: number; tx_bytes: number }>);
  const memory = stats.memory_stats as {
    usage?: number;
    limit?: number;
    stats?: { inactive_file?: number; total_inactive_file?: number };
  };
  const cached = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0;
  return {
    at: Date.parse(stats.read),
    cpuNs: stats.cpu_stats.cpu_usage.total_usage,
    throttledNs: stats.cpu_stats.throttling_data.throttled_time,
    memory: memory.usage === undefined ? null : memory.usage - cached,
    memoryLimit: memory.limit ?? null,
    networkBytes: networks.reduce((sum, n) => sum + n.rx_bytes + n.tx_bytes, 0),
  };
}

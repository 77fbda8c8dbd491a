import type { Toxic } from '../../../../harness/core/topology/proxy.ts';
import type { Limits } from '../../../../harness/core/topology/spec.ts';

export interface Process {
  readonly command: string;
  readonly user: string;
  /** The id of the fault that started the process. */
  readonly mark?: string;
  stopped: boolean;
  /** Soft limit of open files. */
  nofile: number;
  oomScore: number;
}

/** How a container takes part in a network. */
interface Attachment {
  readonly ip: string;
  readonly aliases: readonly string[];
  /** The settings of netem on the container's network device. */
  queue: readonly string[] | undefined;
}

interface Mount {
  /** As `stat -f` names it: "tmpfs", "overlayfs". */
  readonly kind: string;
  /** Free bytes. */
  free: number;
  /** Bytes of each file, by its path. */
  readonly files: Record<string, number>;
}

interface RedisServer {
  readonly settings: Record<string, string>;
  /** For how many milliseconds Redis answers nobody. */
  pausedMs: number;
  lastSave: 'ok' | 'failed';
}

interface Proxy {
  readonly listen: string;
  readonly upstream: string;
  enabled: boolean;
  readonly toxics: Record<string, Omit<Toxic, 'name'>>;
}

/** What a container has in its processes, in its network and in memory. Each start makes it new. */
interface Inside {
  /** By process id. */
  processes: Record<string, Process>;
  /** The iptables rules of the container's network, as iptables prints them, after the name of their table. */
  readonly rules: string[];
  /** By path. */
  readonly mounts: Record<string, Mount>;
  /** At most this many writes a second, by the number of the disk. 0: no limit. */
  readonly writesPerS: Record<string, number>;
  /** The SQL that each session of a fault holds open, by the name of the session. */
  readonly sessions: Record<string, string>;
  readonly redis?: RedisServer;
  readonly proxies?: Record<string, Proxy>;
}

export interface Container {
  readonly service: string;
  state: 'running' | 'paused' | 'stopped';
  health: 'healthy' | 'starting';
  /** The id of its image. */
  image: string;
  /** The name of the container whose place it is to take. */
  place?: string;
  limits: Limits;
  readonly networks: Record<string, Attachment>;
  inside: Inside;
}

/** What a container keeps when it is removed. */
interface Volume {
  /** Lines by path. */
  readonly files: Record<string, string[]>;
  /** Octal rights by path. */
  readonly modes: Record<string, string>;
}

interface Table {
  /** Conditions by the name of their policy. */
  readonly policies: Record<string, string>;
  rowSecurity: boolean;
  forced: boolean;
}

/** Everything of a topology that a fault changes and its undo must put back. Plain data. */
export interface World {
  /** By name. */
  readonly containers: Record<string, Container>;
  /** By the name of the container that uses the volume. */
  readonly volumes: Record<string, Volume>;
  readonly tables: Record<string, Table>;
  /** The keys of the jobs in the outbox. */
  outbox: string[];
}

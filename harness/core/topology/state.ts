import type { Limits } from './spec.ts';

export interface ContainerRef {
  readonly id: string;
  readonly name: string;
  readonly service: string;
}

export interface ContainerState {
  readonly container: string;
  readonly status: string;
  readonly running: boolean;
  readonly paused: boolean;
  readonly pid: number;
  readonly restarts: number;
  /** `startedAt` and `finishedAt` are epoch milliseconds; 0 means never. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** 'healthy', 'starting', 'unhealthy' or 'none'. */
  readonly health: string;
  /** True when the container's last end was a kill by the kernel for lack of memory. */
  readonly oomKilled: boolean;
  readonly limits: Limits;
  /** True when the container was made with a limit on its disk. Then the limit does not come from a fault. */
  readonly slowDisk?: boolean;
  /** The exit code of the container's last end; 0 when it never ended. Absent in records of earlier versions. */
  readonly exitCode?: number;
  /** The first 12 digits of the image's id. Absent in records of earlier versions. */
  readonly image?: string;
  /** The name of the container whose place this container was made to take. Absent for all other containers. */
  readonly place?: string;
  /** The networks of the container by name, with its address and aliases in each. */
  readonly networks: Readonly<Record<string, { readonly ip: string; readonly aliases: readonly string[] }>>;
}

/** The kernel's figures of a container's control group: counted since its start, except `memory_free`. */
export interface ContainerCounters {
  /** Processor time used, milliseconds. */
  readonly cpu_ms: number;
  /** Time for which the container had work and was not given the processor, milliseconds. */
  readonly throttled_ms: number;
  /** Bytes that the container may still take before the kernel must take memory back or kill a process. */
  readonly memory_free: number;
}

/** A sample of a container's use of the machine. */
export interface ContainerUsage {
  readonly container: string;
  /** Percent of one core; null in the first sample. */
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly networkBytesPerS: number | null;
}

/** A log of a container. Each line begins with its time, by the engine's clock. */
export interface ContainerLog {
  readonly container: string;
  readonly text: string;
}

export interface Health {
  readonly healthy: boolean;
  /** What is missing for health, for people: "postgres-a is starting", "no synchronous standby". */
  readonly waitingFor: readonly string[];
}

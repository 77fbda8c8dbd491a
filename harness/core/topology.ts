export type Protocol = 'postgres' | 'redis' | 'http' | 'tcp';

export interface ServiceSpec {
  readonly name: string;
  readonly replicas: number;
  /** Where the service listens, and who depends on it: the consumer's network namespace gives the evidence. */
  readonly port: number | undefined;
  readonly protocol: Protocol;
  readonly consumer: string | undefined;
  /** Replicated databases: the members of a group share roles (primary, standby). */
  readonly group: string | undefined;
  /** As the compose file sets them. */
  readonly limits: Limits;
}

/** A hop through Toxiproxy that a fault may break. */
export interface LinkSpec {
  readonly name: string;
  /** The consuming service: its first replica's network namespace is where evidence is taken. */
  readonly from: string;
  readonly to: string;
  /** The name of the proxy in Toxiproxy. */
  readonly proxy: string;
  /** Where the consumer dials: a name and port on the topology's network. */
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** Where its proxy is to dial, as Toxiproxy has it: "redis:6379"; undefined where the compose file does not say. */
  readonly upstream?: string | undefined;
}

/** A topology as its compose files describe it (`x-chaos` block): plain data, every name resolved, nothing asked of Docker. */
export interface TopologySpec {
  /** Absolute paths, laid over each other as `docker compose -f a -f b` does. */
  readonly files: readonly string[];
  /** Compose project name: the label by which containers are recognised as ours. */
  readonly project: string;
  readonly services: Readonly<Record<string, ServiceSpec>>;
  /** Group name -> member services. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly links: Readonly<Record<string, LinkSpec>>;
  /** Base URL that load goes to, on 127.0.0.1. */
  readonly entry: string;
  /** Answers 200 when the whole is usable. */
  readonly ready: string;
  readonly toxiproxy: string;
  /** SQL to the current primary, published on 127.0.0.1; holds a password: never print it. */
  readonly database: string;
  readonly redis: string;
  /** Puts the data back to what it was after generation; answers one row `fingerprint` that is the same each time. */
  readonly resetSql: string;
  /** Image with `node` in it, for helpers that share a container's network namespace. */
  readonly probeImage: string;
  /** Image with iptables and tc in it, for helpers that change one. */
  readonly toolsImage: string;
  /** The services whose logs tell of every request by its id: what the load enters by, and what stands behind it. */
  readonly hops?: { readonly edge: string; readonly app: string } | undefined;
  /** Services that export Prometheus metrics at /metrics. */
  readonly metrics: readonly string[];
}

export type Role = 'primary' | 'standby';

/** Which containers a fault is aimed at, as an experiment file says it. */
export interface Target {
  /** A service or a group. */
  readonly service: string;
  readonly role?: Role | undefined;
  /** 1-based replica number. */
  readonly replica?: number | undefined;
  /** How many of them, drawn by the seed: a number, a share (rounded up), or all but so many. At most one of these and `replica`. */
  readonly count?: number | undefined;
  readonly percent?: number | undefined;
  readonly all_but?: number | undefined;
}

/** What a container may use at most; undefined: as much as there is. */
export interface Limits {
  /** Cores. */
  readonly cpus: number | undefined;
  readonly memoryBytes: number | undefined;
}

/** What a fault may need of the machine, and what not every machine has. */
export type Requirement = 'netem' | 'write limit';

export interface ContainerRef {
  readonly id: string;
  readonly name: string;
  readonly service: string;
}

/** A proxy as Toxiproxy was told of it: enough to make it again. */
export interface ProxyRef {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

export interface ContainerState {
  readonly container: string;
  readonly status: string;
  readonly running: boolean;
  readonly paused: boolean;
  readonly pid: number;
  readonly restarts: number;
  /** Epoch milliseconds; 0 when never. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** 'healthy', 'starting', 'unhealthy' or 'none'. */
  readonly health: string;
  /** Whether the kernel ended it for want of memory, the last time. */
  readonly oomKilled: boolean;
  readonly limits: Limits;
  /** Whether the engine was told to limit its disk when it was made: such a limit is no fault's. */
  readonly slowDisk?: boolean;
  /** Attached networks: address and aliases by name. */
  readonly networks: Readonly<Record<string, { readonly ip: string; readonly aliases: readonly string[] }>>;
}

/** Something that is not as it should be, and how a person puts it right. */
export interface Residue {
  readonly kind: string;
  readonly target: string;
  readonly how_to_undo: string;
}

export interface Toxic {
  readonly name: string;
  readonly type: 'latency' | 'timeout' | 'bandwidth' | 'slow_close' | 'slicer' | 'limit_data' | 'reset_peer';
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** What the kernel has counted of a container since its start, and what it uses now; its control group's own figures. */
export interface ContainerCounters {
  /** Processor time used, milliseconds. */
  readonly cpu_ms: number;
  /** Time for which it had work and was denied the processor, milliseconds. */
  readonly throttled_ms: number;
  /** Bytes that it may still take before the kernel must take back or kill. */
  readonly memory_free: number;
}

/** One sample of what a container uses. */
export interface ContainerUsage {
  readonly container: string;
  /** Percent of one core; null in the first sample. */
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly networkBytesPerS: number | null;
}

/** What a container wrote of late: each line with its time, by the engine's clock. */
export interface ContainerLog {
  readonly container: string;
  readonly text: string;
}

export interface Health {
  readonly healthy: boolean;
  /** What is still missing, for people: "postgres-a is starting", "no synchronous standby". */
  readonly waitingFor: readonly string[];
}

/** Asked again and again from inside a container's network namespace. */
export interface Question {
  readonly id: string;
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** For http: path whose body comes back with the answer. */
  readonly path?: string;
  readonly everyMs: number;
  readonly kind?: Kind;
  /** Of an echo: how many bytes; Postgres takes 9,900 at most, http 6,000. */
  readonly bytes?: number;
}

/**
 * What is asked. `answer`: whether the peer answers at all, on a new connection each time. `echo`: many bytes there and
 * back. `close`: how long the peer's end of a connection takes after ours. `held`: one connection, asked again and again.
 */
export type Kind = 'answer' | 'echo' | 'close' | 'held';

export interface Answer {
  readonly id: string;
  /** Epoch milliseconds when asked. */
  readonly t: number;
  readonly ok: boolean;
  readonly rtt?: number;
  readonly error?: string;
  readonly established: number;
  /** Of the consumer's connections at the look before (2 s ago), how many are still there. */
  readonly kept?: number;
  /** Of an echo: bytes sent and received, and in how many pieces they came. */
  readonly sent?: number;
  readonly received?: number;
  readonly reads?: number;
  /** Of a held connection: milliseconds since it was made, or between its making and its end. */
  readonly age?: number;
  readonly body?: string;
}

/** From one container's network to another's, containers by name. */
export interface DatagramWay {
  readonly from: string;
  readonly to: string;
}

/** Some datagrams that were sent one after the other on one way, and what became of them. */
export interface DatagramBatch extends DatagramWay {
  /** Epoch milliseconds of the first. */
  readonly t: number;
  readonly sent: number;
  /** Different ones that arrived whole. */
  readonly arrived: number;
  /** Such as arrived again. */
  readonly repeated: number;
  /** Such as arrived after one that was sent later. */
  readonly late: number;
}

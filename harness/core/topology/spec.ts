import type { Objective } from '../sla/objective.ts';

export type Role = 'primary' | 'standby';

/** The limits of a container. Undefined means no limit. */
export interface Limits {
  /** Cores. */
  readonly cpus: number | undefined;
  readonly memoryBytes: number | undefined;
}

/** A change of limits. A limit that is not named stays as it is. Null means no limit: JSON keeps null. */
export interface LimitChange {
  /** Cores. */
  readonly cpus?: number | null;
  readonly memoryBytes?: number | null;
}

/** Returns the change that gives a container exactly these limits. */
export const exactly = ({ cpus, memoryBytes }: Limits): Required<LimitChange> => ({
  cpus: cpus ?? null,
  memoryBytes: memoryBytes ?? null,
});

/** Compares limits with a tolerance: the engine keeps cores in whole billionths and memory in whole pages. */
export const sameLimits = (a: Limits, b: Limits): boolean =>
  Math.abs((a.cpus ?? 0) - (b.cpus ?? 0)) < 0.001 && Math.abs((a.memoryBytes ?? 0) - (b.memoryBytes ?? 0)) < 4_096;

/** How the containers of a service get another image: `deploy.update_config` of the compose file. */
export interface UpdateSpec {
  /** How many containers are replaced at the same time. 0 means all. */
  readonly parallelism: number;
  /** Milliseconds from the end of one replacement to the beginning of the next. */
  readonly delayMs: number;
  readonly failureAction: 'continue' | 'pause' | 'rollback';
  /** Milliseconds for which a new container is watched before it counts as good. */
  readonly monitorMs: number;
  /** The share of a new container's answers that may be errors of the server, 0 to 1. */
  readonly maxFailureRatio: number;
  /** Whether the old container ends before the new one starts, or after the new one was found good. */
  readonly order: 'stop-first' | 'start-first';
}

export interface ServiceSpec {
  readonly name: string;
  readonly replicas: number;
  /** The name of the image in the compose file. Absent in records of earlier versions. */
  readonly image?: string;
  /** A digest of the service as Compose resolves it (core/freshness/). Absent in records of earlier versions. */
  readonly digest?: string;
  /** Absent when the compose file does not say how the service is updated. */
  readonly update?: UpdateSpec;
  /** The container's name, when the compose file gives one. Then the service has one replica. */
  readonly containerName?: string | undefined;
  /**
   * The names of the service's containers, by replica, as the engine has them. Absent when they follow the pattern of
   * Compose, and as long as nobody has asked the engine.
   */
  readonly containers?: readonly string[];
  /** True for a service that ends with exit code 0 when its work is done. Such an end is no residue. */
  readonly oneShot?: true;
  /** The port on which the service listens. */
  readonly port: number | undefined;
  /** The name of a protocol: a file under harness/protocols/. */
  readonly protocol: string;
  /** The service that depends on this service. Evidence comes from the consumer's network namespace. */
  readonly consumer: string | undefined;
  /** The group of a member of a replicated database. The members of a group have roles: primary and standby. */
  readonly group: string | undefined;
  /**
   * The group whose primary the containers copy, without being members: they serve reads and never become the primary.
   * Any number of them may come and go. Absent for most services, and in records of earlier versions.
   */
  readonly follows?: string;
  /** The limits in the compose file. */
  readonly limits: Limits;
  /**
   * The networks of the service's containers. Empty when they have no network of their own (`network_mode`). Absent in
   * records of earlier versions.
   */
  readonly networks?: readonly NetworkSpec[];
}

/** A network that a container is connected to. */
export interface NetworkSpec {
  /** The name that the engine knows: "shop_default". */
  readonly name: string;
  /** The names that the compose file gives the service there, beside its own. */
  readonly aliases: readonly string[];
  /** The address that the compose file gives the container. Absent when the engine chooses one. */
  readonly ip?: string;
}

/** A connection between two services through Toxiproxy. A fault may break it. */
export interface LinkSpec {
  readonly name: string;
  /** The consuming service. Evidence comes from the network namespace of its first replica. */
  readonly from: string;
  readonly to: string;
  /** The name of the proxy in Toxiproxy. */
  readonly proxy: string;
  /** The address that the consumer uses: a name and a port in the topology's network. */
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  /** The address that the proxy must use: "redis:6379". Undefined when the compose file does not give it. */
  readonly upstream?: string | undefined;
}

/** How the application queues jobs in its database, and how it counts them. `{{id}}` stands for the id of a fault. */
export interface JobsSpec {
  /** SQL that queues `{{jobs}}` jobs which can never succeed. */
  readonly owe: string;
  /** SQL that takes the jobs of a fault back. Harmless when there are none. */
  readonly take: string;
  /** SQL that returns the id of each fault whose jobs are still there, as its first column. */
  readonly left: string;
  /** The counter of failed attempts at /metrics of the service that runs jobs: jobs_total{outcome="failed"}. */
  readonly failed: string;
  /** The gauge of jobs that wait or are at work. Absent when nobody exports it. */
  readonly pending?: string | undefined;
}

/** How many connections a pool may have in each container of a service. */
export interface PoolSpec {
  /** The most connections in one container. */
  readonly most: number;
  /** The most connections in all containers together; one for each container when there are more. Absent: no bound. */
  readonly shared?: number;
}

/** The entry over TLS. Paths are paths in the containers of the service. */
export interface TlsSpec {
  /** Where the load connects: https://127.0.0.1:18443. */
  readonly entry: string;
  /** The service that publishes the port of the entry, and the port in its containers. */
  readonly service: string;
  readonly port: number;
  /** The name that clients ask for, and that the certificate must have. */
  readonly name: string;
  /** The certificate of the authority that clients trust. */
  readonly authority: string;
  /** The certificate that a fault may replace. Absent when nobody says so. */
  readonly certificate?: CertificateSpec | undefined;
}

export interface CertificateSpec {
  /** A PEM file that the service reads at each handshake. It has the certificate, and the key of the certificate. */
  readonly file: string;
  /**
   * The command that prints a certificate for the same key. `{{name}}` stands for a host name, `{{from}}` and `{{to}}`
   * for the time in which it is valid, in seconds from now.
   */
  readonly issue: readonly string[];
}

/** How many connections a server takes, and how many its clients may open. */
interface ConnectionsSpec {
  /** The server takes no more connections than this. */
  readonly limit: number;
  /** Connections that the server keeps for others: administrators, replication, health checks. */
  readonly reserved: number;
  /** The pools of one container of each service. All of them may be full at once. */
  readonly pools: Readonly<Record<string, readonly PoolSpec[]>>;
}

/** The Prometheus that watches a run: the topology's own, or the user's. */
export interface MonitoringSpec {
  /** The Compose profile whose services watch the topology. Absent when the Prometheus is the user's. */
  readonly profile?: string;
  /** The services of the profile. */
  readonly services?: readonly string[];
  /** Base URL. */
  readonly prometheus: string;
  /** By name of a request header: the environment variable that has its value. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The file of the authority that signed the certificate of Prometheus. Absolute path. */
  readonly ca?: string;
  readonly alertmanager?: string;
  /** What Alertmanager delivers to. It keeps every delivery and says when it came (topology/pager). */
  readonly pager?: string;
  /** The folder of the alert rules. Absolute path. */
  readonly rules?: string;
}

/** A topology as its compose files and their `x-chaos` block describe it. Plain data with every name resolved. */
export interface TopologySpec {
  /** Absolute paths. Later files override earlier ones, as with `docker compose -f a -f b`. */
  readonly files: readonly string[];
  /** The name of the Compose project. Containers of the topology have it as a label. */
  readonly project: string;
  readonly services: Readonly<Record<string, ServiceSpec>>;
  /** The member services of each group. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** How the members of each group are asked for their roles: a file under harness/roles/. Absent in older records. */
  readonly roles?: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, LinkSpec>>;
  /** The base URL for load, on 127.0.0.1. */
  readonly entry: string;
  /** The service that publishes the port of the entry. Absent when none does. */
  readonly entryService?: string | undefined;
  readonly tls?: TlsSpec | undefined;
  /** A path of the entry that answers 200 when the topology can be used. */
  readonly ready: string;
  /** The address of Toxiproxy's control interface, on 127.0.0.1. */
  readonly toxiproxy?: string | undefined;
  /** The URL of the current primary, on 127.0.0.1. It contains a password: never print it. */
  readonly database?: string | undefined;
  readonly redis?: string | undefined;
  /** The service that is Toxiproxy. Absent when no service of the topology is. */
  readonly toxiproxyService?: string | undefined;
  /** The service that is Redis. Absent when it is not known. */
  readonly redisService?: string | undefined;
  /** SQL that puts the data back to its state after generation. Returns one row `fingerprint` that is the same each time. */
  readonly resetSql?: string | undefined;
  /** True when Redis may be emptied before each run. */
  readonly emptyRedis?: boolean | undefined;
  /**
   * The networks and volumes that Compose makes for the topology: the engine's names, by their keys in the compose files.
   * Those that somebody else makes (`external`) are left out. Absent in records of earlier versions.
   */
  readonly makes?: {
    readonly networks: Readonly<Record<string, string>>;
    readonly volumes: Readonly<Record<string, string>>;
  };
  /** The image of witnesses, with `node` 22.18 or later. The harness's own, unless the compose file names another. */
  readonly probeImage: string;
  /** An image with iptables and tc, for helpers that change a network namespace. */
  readonly toolsImage: string;
  /** The services that log every request with its id: `edge`, where the load enters, and `app` behind it. */
  readonly hops?: { readonly edge: string; readonly balancer?: string | undefined; readonly app: string } | undefined;
  /** Services that export Prometheus metrics at /metrics. */
  readonly metrics: readonly string[];
  /** The paths for which the cache of the edge is asked, and the header by which it says whether it had them. */
  readonly edgeCache?: { readonly header: string; readonly paths: readonly string[] } | undefined;
  /** True when a standby must have a write before it is acknowledged. Without such a standby the database is not healthy. */
  readonly synchronous?: boolean | undefined;
  readonly jobs?: JobsSpec | undefined;
  /** By service: the keys of a scaler that an experiment need not repeat, as they were written. */
  readonly autoscale?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What a runbook may do on the host: beginnings of commands, "docker compose restart". Absent: nothing. */
  readonly hostCommands?: readonly string[] | undefined;
  /** What the service promises. What is not said here is as in core/sla/objective.ts. */
  readonly slo?: Partial<Objective>;
  /** How many connections each server takes, by the name of its service or group. Absent when nobody says so. */
  readonly connections?: Readonly<Record<string, ConnectionsSpec>> | undefined;
  /** Absent when nothing watches: an experiment asks for it by `monitoring`. */
  readonly monitoring?: MonitoringSpec;
}

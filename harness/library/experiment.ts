// Made by `npm run generate` from the schema of experiment files. Change nothing here.

/** An object with one of the keys of `T`. */
export type OneOf<T> = { [K in keyof T]: { readonly [Key in K]: T[K] } }[keyof T];

/** What stands under `faults`, by name. A program adds its own with `declare module 'chaos'`. */
export interface Faults {
  /** Limits the bytes per second of each connection on one link. */
  readonly bandwidth: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** A rate with its unit: 100KB/s, 2MB/s */
    readonly rate: string;
    /** up: what the consumer sends; down: what the consumer receives */
    readonly direction?: 'both' | 'up' | 'down' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Swallows everything on one link, both ways or one: connections stay open and nothing answers. */
  readonly black_hole: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** up: what the consumer sends; down: what the consumer receives */
    readonly direction?: 'both' | 'up' | 'down' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Serves a certificate that expired yesterday: new TLS connections meet it, open connections live on. */
  readonly certificate_expired: {
    /** The service that serves the entry over TLS */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Serves a certificate for another name: new TLS connections meet it, open connections live on. */
  readonly certificate_wrong_name: {
    /** The service that serves the entry over TLS */
    readonly service?: string | undefined;
    /** The only name that the certificate has */
    readonly name?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Holds connections of the primary until a share is in use. With 100 % of them in use, new ones are refused. */
  readonly connection_exhaustion: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** Percentage of max_connections in use; 100 also takes each slot that becomes free */
    readonly percent?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Burns CPU in containers: busy loops run beside their own processes, within the same quota. */
  readonly cpu_burn: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Busy loops in each container */
    readonly workers?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Lowers the CPU quota of containers: when it is used up, they wait for the next tenth of a second. */
  readonly cpu_limit: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Cores that a container may use at most */
    readonly cpus: number;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Ends the main process of containers (SIGKILL from outside the engine), so restart policies act. */
  readonly crash: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Ends each connection of one link in the middle of an answer, after a number of bytes of answers. */
  readonly data_limit: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** A size with its unit: 500B, 64KB, 16MiB */
    readonly after: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Gives a service another image as its update_config says, watches the new containers, and goes back. */
  readonly deploy: {
    /** A service of the topology with deploy.update_config */
    readonly service: string;
    /** An image that the engine has. {{image}} stands for the image in the compose file */
    readonly image: string;
    /** A new container that is not healthy after this long is bad */
    readonly healthy_within?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Fills a file system of a container's own (a tmpfs): nothing more can be written to it. */
  readonly disk_full: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A folder on a tmpfs of the container */
    readonly path: string;
    /** How much stays free */
    readonly free?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Limits the writes per second of containers to their disk: processes that wait for the disk (fsync) queue up. */
  readonly disk_slow: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A folder on the disk that is limited */
    readonly path?: string | undefined;
    /** At most this many writes per second */
    readonly writes_per_s: number;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Delays the answer to every name look-up of containers. */
  readonly dns_delay: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly delay: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Takes name resolution away from containers: their questions are refused or get no answer. */
  readonly dns_failure: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** refused: a look-up fails at once; silent: it fails after the timeout of the resolver */
    readonly answer?: 'refused' | 'silent' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Orders Patroni to promote the standby, as an operator does by hand. */
  readonly failover: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Takes all free file descriptors from the processes of containers: open files stay, nothing new can be opened. */
  readonly fd_exhaustion: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Descriptors that a process may have; one with more keeps them but cannot open another */
    readonly nofile?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Cuts one link and restores it, again and again: each time open connections end and new ones are refused. */
  readonly flap: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** How long the link is cut each time */
    readonly down: string;
    /** How long the link is sound in between */
    readonly up: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Kills containers (SIGKILL) and keeps them down until healed: restart policies do not act. */
  readonly kill: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Ends all open connections of one link at once; new ones are accepted immediately. */
  readonly kill_established: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Delays what crosses one link: every answer, every question, or both. */
  readonly latency: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly latency: string;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly jitter?: string | undefined;
    /** up: what the consumer sends; down: what the consumer receives */
    readonly direction?: 'both' | 'up' | 'down' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Leaves a transaction open and idle on the primary: its snapshot keeps vacuum from cleaning up. */
  readonly long_transaction: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Lowers the memory limit of containers to what they use and a little more, or fills it until the kernel kills. */
  readonly memory_squeeze: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** How much stays free beyond the memory in use */
    readonly free?: string | undefined;
    /** Fill the rest, until the kernel ends the main process because no memory is left */
    readonly until_oom?: boolean | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Changes a bit in some of the packets that leave containers. */
  readonly packet_corrupt: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A share in percent: more than 0, at most 100 */
    readonly corrupt: number;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Delays every packet that leaves containers. */
  readonly packet_delay: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly delay: string;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly jitter?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Sends some of the packets of containers twice. */
  readonly packet_duplicate: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A share in percent: more than 0, at most 100 */
    readonly duplicate: number;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Drops some of the packets of containers, each by chance. */
  readonly packet_loss: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A share in percent: more than 0, at most 100 */
    readonly loss: number;
    /** Seen from the target: packets that come in, packets that go out, or both */
    readonly direction?: 'both' | 'in' | 'out' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Lets some of the packets that leave containers overtake the others. */
  readonly packet_reorder: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** A share in percent: more than 0, at most 100 */
    readonly reorder: number;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly delay?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Cuts containers off from their networks: they run on, but nobody reaches them and they reach nobody. */
  readonly partition: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Cuts containers off from some peers only, both ways or one. */
  readonly partition_from: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Services or groups; packets from them and to them are dropped */
    readonly from: string | readonly string[];
    /** Seen from the target: packets that come in, packets that go out, or both */
    readonly direction?: 'both' | 'in' | 'out' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Freezes all processes of containers: connections are still accepted, nothing answers. */
  readonly pause: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Gives the worker jobs that can never succeed: each is tried, fails, and is queued again. */
  readonly poison_job: {
    /** The service that runs the jobs */
    readonly service?: string | undefined;
    /** How many jobs */
    readonly jobs?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Keeps Redis from answering anybody for a while, again and again, as a slow command does. */
  readonly redis_block: {
    /** The service that is Redis */
    readonly service?: string | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly block: string;
    /** From the beginning of one block to the beginning of the next */
    readonly every: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Ends every connection of clients to Redis at once (CLIENT KILL): they have to connect again. */
  readonly redis_client_kill: {
    /** The service that is Redis */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Deletes the files of Redis and crashes it: it comes back at once, and empty. */
  readonly redis_data_loss: {
    /** The service that is Redis */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Empties Redis at once (FLUSHALL): the cache is cold, and the queue is gone. */
  readonly redis_flush: {
    /** The service that is Redis */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Gives Redis less memory than it uses: it evicts keys, or refuses writes. */
  readonly redis_memory: {
    /** The service that is Redis */
    readonly service?: string | undefined;
    /** The new limit, in percent of the memory in use when the fault begins */
    readonly percent?: number | undefined;
    /** noeviction refuses writes (OOM); allkeys-* evicts keys, jobs too; volatile-* only keys that expire */
    readonly policy?:
      'noeviction' | 'allkeys-lru' | 'allkeys-lfu' | 'allkeys-random' | 'volatile-lru' | 'volatile-ttl' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Keeps Redis from writing its snapshots: Redis notices it and refuses every write (MISCONF). */
  readonly redis_persistence_failure: {
    /** The service that is Redis */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Cuts one link: open connections are closed, new ones are refused. */
  readonly refuse: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Refuses new connections on one link; open connections live on. */
  readonly refuse_new: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Removes containers and everything that they wrote outside their volumes, until healed. */
  readonly remove: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Makes the standby replay every commit later, by the delay: its reads are that old. */
  readonly replication_lag: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly delay: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Stops the standby from replaying the log: it still answers queries, with data that gets older and older. */
  readonly replication_pause: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Breaks connections of one link as soon as they are used: new ones are reset, open ones are closed. */
  readonly reset: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Accepts new connections on one link and resets them as soon as they are used; open connections live on. */
  readonly reset_new: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Restarts containers once: SIGTERM, SIGKILL after a grace period, and a new start at once. */
  readonly restart: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Seconds between SIGTERM and SIGKILL */
    readonly grace_s?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Restarts containers again and again until healed. */
  readonly restart_loop: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** From one restart to the next */
    readonly every: string;
    /** Seconds between SIGTERM and SIGKILL */
    readonly grace_s?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Holds locks on rows of a table of the primary: statements that change them wait and time out. */
  readonly row_lock: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** A table of the application */
    readonly table: string;
    /** How many rows, the first ones by the first column; without it all rows */
    readonly rows?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Sends a signal to the main process of containers, or to processes selected by their command line. */
  readonly signal: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** STOP freezes a process until healed; the others end a process that does not catch them */
    readonly signal: 'STOP' | 'TERM' | 'INT' | 'QUIT' | 'HUP' | 'ABRT' | 'SEGV' | 'USR1' | 'USR2' | 'KILL';
    /** Selects the processes whose command line contains this text */
    readonly process?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Cuts every answer on one link into small pieces with a pause between them. */
  readonly slicer: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** About the size of a piece: an answer is halved until none is a quarter larger */
    readonly size: string;
    /** The pause between two pieces */
    readonly pause?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Opens connections whose requests come a byte at a time, and holds them (slowloris). */
  readonly slow_client: {
    /** The service that waits for the requests; it must report at /nginx_status */
    readonly service?: string | undefined;
    /** A service with Node: the process runs in its first replica and takes some 50 MB */
    readonly from?: string | undefined;
    readonly connections: number;
    /** The time from one byte to the next */
    readonly every?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Delays the end of connections on one link: the consumer's peer seems to close late. */
  readonly slow_close: {
    /** A link of the topology: see x-chaos.links in the compose file */
    readonly link: string;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly delay: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Makes every statement on a table take longer, on the primary and on the standby. */
  readonly slow_queries: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** A table of the application */
    readonly table: string;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly delay: string;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Stops containers as a deploy does (SIGTERM, later SIGKILL) and keeps them down until healed. */
  readonly stop: {
    /** A service or a group of the topology */
    readonly service: string;
    /** In a group: the member that has this role when the fault begins */
    readonly role?: 'primary' | 'standby' | undefined;
    /** 1-based number of the replica */
    readonly replica?: number | undefined;
    /** How many of them, drawn by the seed */
    readonly count?: number | undefined;
    /** The share of them in percent, rounded up, drawn by the seed */
    readonly percent?: number | undefined;
    /** All of them except this many, drawn by the seed */
    readonly all_but?: number | undefined;
    /** Seconds between SIGTERM and SIGKILL */
    readonly grace_s?: number | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Asks Patroni for an orderly handover from the primary to the standby, as for maintenance. */
  readonly switchover: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Holds a lock on a table of the primary: statements on it wait and time out. */
  readonly table_lock: {
    /** The group of services that is the database */
    readonly service?: string | undefined;
    /** A table of the application */
    readonly table: string;
    /** access exclusive (as ALTER TABLE) blocks reads and writes, on the standby too; the others block only writes */
    readonly mode?: 'access exclusive' | 'exclusive' | 'share' | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Floods the entry with GET requests beside the load, at a fixed rate whatever the answers are. */
  readonly traffic_spike: {
    /** Requests per second, in addition to the load */
    readonly rate: string;
    /** The path of the GET requests */
    readonly path: string;
    /** The service that is flooded; it must report at /nginx_status */
    readonly service?: string | undefined;
    /** A service with Node: the process runs in its first replica and takes some 60 MB */
    readonly from?: string | undefined;
    /** After this time the process ends by itself, if nobody ends it */
    readonly longest?: string | undefined;
    /** Delay from its turn: the start of its list, or in a sequence the end of the step before it */
    readonly at?: string | undefined;
    /** How long the fault is in force; default: until the fault phase ends */
    readonly for?: string | undefined;
    /** When the fault cannot be injected, the other steps go on. The run cannot pass then */
    readonly continue_on_failure?: boolean | undefined;
  };
  /** Writes a line into the record and the report when its turn comes. Takes no time and changes nothing. */
  readonly mark: string;
  /** Steps side by side, like the items of the list `faults`. It ends when the last of them ends. */
  readonly parallel: readonly OneOf<Faults>[];
  /** Steps in sequence, again and again. Each round is injected, proven and healed separately. */
  readonly repeat: {
    /** How many rounds */
    readonly times: number;
    /** Time from the start of a round to the start of the next; default: until the round has ended */
    readonly every?: string | undefined;
    readonly steps: readonly OneOf<Faults>[];
  };
  /** Carries out the commands of a runbook as a person on call would. `chaos runbook validate` writes it. */
  readonly runbook: {
    /** The name of the runbook */
    readonly name: string;
    /** look: only confirm; control: hands off; treatment: everything that the runbook says */
    readonly as?: 'look' | 'control' | 'treatment' | undefined;
    /** A person begins so long after the failure */
    readonly begins?: string | undefined;
    /** How long the system is watched after it worked */
    readonly watched?: string | undefined;
    /** The promise: healthy again so long after the first command */
    readonly within: string;
    readonly commands: readonly {
      /** The name of the command, unique in its runbook */
      readonly name: string;
      /** Where the command runs: a service, a replica, a role of a group, or the host */
      readonly in: string;
      /** The user in the container; default: root */
      readonly user?: string | undefined;
      /** What the output must have: a text, or a regular expression between / and / */
      readonly expect?: string | undefined;
      /** How long the command may take */
      readonly timeout?: string | undefined;
      /** Whether the command changes something */
      readonly does?: 'looks' | 'changes' | undefined;
      /** A question for a person. Where nobody can be asked, the command answers */
      readonly ask?: string | undefined;
      readonly part: 'confirm' | 'do' | 'worked' | 'way back';
      /** A script for sh; on the host one `docker compose` command */
      readonly run: string;
      /** The line of the command in the runbook */
      readonly line?: number | undefined;
    }[];
  };
  /** Steps one after another. A fault with `for` ends when it is healed, any other fault when it is in force. */
  readonly sequence: readonly OneOf<Faults>[];
  /** Waits until a condition holds. When its deadline passes, the fault phase ends and the run is INCONCLUSIVE. */
  readonly wait: {
    /** A command in a container succeeds */
    readonly command?:
      | {
          /** A service of the topology */
          readonly service: string;
          /** 1-based number of the replica */
          readonly replica?: number | undefined;
          /** Program and arguments. The condition holds when it ends with 0. It must change nothing */
          readonly run: readonly string[];
        }
      | undefined;
    /** A path of the entry answers with this status */
    readonly http?:
      | {
          /** A path of the topology's entry */
          readonly path: string;
          readonly status?: number | undefined;
        }
      | undefined;
    /** A member takes a role. The database's manager is asked every 500 ms */
    readonly role?:
      | {
          /** A group of the topology, or a member of one */
          readonly service: string;
          /** The role that a member takes after the step before began; unknown: it no longer answers */
          readonly becomes: 'primary' | 'standby' | 'unknown';
        }
      | undefined;
    /** A series is above or below a limit, each of its lines. It is read as the run records it */
    readonly series?:
      | {
          /** A series: `chaos explain` lists them */
          readonly name: keyof SeriesNames;
          /** Whose figure it is: a service, a group, a container, a cache layer; for promql the expression. Left out for a series of one figure */
          readonly of?: string | undefined;
          /** The limit, in the unit of the series: the value is above it */
          readonly above?: unknown;
          /** The limit, in the unit of the series: the value is below it */
          readonly below?: unknown;
        }
      | undefined;
    /** A query on the primary returns this value */
    readonly sql?:
      | {
          /** Runs on the primary. The first value of its result is compared */
          readonly query: string;
          readonly equals?: unknown;
        }
      | undefined;
    /** Deadline, from the start of the wait */
    readonly within?: string | undefined;
    /** When the deadline passes, the next step begins all the same */
    readonly continue_on_failure?: boolean | undefined;
  };
}

/** What stands under `hypotheses`, by name. A program adds its own with `declare module 'chaos'`. */
export interface Hypotheses {
  /** After healing, every acknowledged write is on the current primary, once and with its value, and its job was done. */
  readonly acknowledged_writes: {
    /** How many acknowledged writes may be lost; 0 as a rule */
    readonly lost: number;
  };
  /** An alert of Prometheus rings because of the fault, reaches the pager and resolves in time; or never fires. */
  readonly alert: {
    /** The name of the alert. May be left out beside never: every alert with the labels */
    readonly name?: string | undefined;
    /** Labels that the alert must have */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** From the beginning of the fault until Prometheus says that it fires */
    readonly fires_within?: string | undefined;
    /** From the beginning of the fault until the pager has it */
    readonly delivered_within?: string | undefined;
    /** From the healing of the fault until Prometheus no longer has it */
    readonly resolves_within?: string | undefined;
    /** It must not fire, from the baseline to the end of recovery */
    readonly never?: true | undefined;
    /** The rule may look farther back than there is data. It rings sooner then than it would */
    readonly history?: 'short' | undefined;
  };
  /** A deploy ended as it should: all containers replaced, or a bad image rolled back before it spread. */
  readonly deploy: {
    /** The service that gets another image */
    readonly service: string;
    /** How the deploy must end */
    readonly ends?: 'deployed' | 'rolled_back' | 'paused' | undefined;
    /** In how many places a container of the new image may run at most */
    readonly touched?: number | undefined;
    /** From its beginning to its end */
    readonly within?: string | undefined;
  };
  /** The share of requests that failed in any way (refused, turned away, reset, timed out, error answer, wrong body) stays under a limit. */
  readonly errors: {
    /** A percentage */
    readonly below: string;
    /** all (default), reads, writes, or an endpoint as the workload names it */
    readonly of?: string | undefined;
    /** The phases in which it must hold; each is judged by itself */
    readonly during?: readonly ('baseline' | 'fault' | 'heal' | 'recovery')[] | undefined;
  };
  /** After the loss of the primary another member becomes the primary, and a write is accepted in time. */
  readonly failover: {
    /** A group of the topology with a primary and standbys */
    readonly service: string;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly within: string;
  };
  /** The good answers per second in a phase stay above a number. */
  readonly goodput: {
    /** Good answers per second */
    readonly above: number;
    /** all (default), reads, writes, or an endpoint as the workload names it */
    readonly of?: string | undefined;
    /** The phases in which it must hold; each is judged by itself */
    readonly during?: readonly ('baseline' | 'fault' | 'heal' | 'recovery')[] | undefined;
  };
  /** A percentile of the latency that users feel, from the planned moment to the whole answer, stays under a limit. */
  readonly latency: {
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly p50?: string | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly p90?: string | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly p95?: string | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly p99?: string | undefined;
    /** all (default), reads, writes, or an endpoint as the workload names it */
    readonly of?: string | undefined;
    /** The phases in which it must hold; each is judged by itself */
    readonly during?: readonly ('baseline' | 'fault' | 'heal' | 'recovery')[] | undefined;
  };
  /** A service had enough containers in time, by the engine: when it was decided, when they were healthy. */
  readonly scaling: {
    /** The service that is scaled */
    readonly service: string;
    /** So many containers serve at the same time, in the fault phase */
    readonly reaches?: number | undefined;
    /** How soon after the beginning of the fault phase they do */
    readonly within?: string | undefined;
    /** The longest from the beginning of the fault phase to the first change */
    readonly decision_lag?: string | undefined;
    /** The longest from a change to the moment when a container that it made is healthy */
    readonly readiness_lag?: string | undefined;
    /** The longest from a change to the first answer of a container that it made */
    readonly serving_lag?: string | undefined;
    /** Never more containers serve at the same time */
    readonly most?: number | undefined;
    /** Never fewer containers serve at the same time, from the first change to the end of the fault phase */
    readonly least?: number | undefined;
    /** How often it may change its direction twice within ten minutes */
    readonly flaps?: number | undefined;
    /** The least from one change to the next */
    readonly cooldown?: string | undefined;
    /** So few containers serve again before the end of the recovery phase */
    readonly returns_to?: number | undefined;
    /** How close the containers were to what the load needs */
    readonly elasticity?:
      | {
          /** The load that so many containers carry: `chaos autoscale calibrate` measures it */
          readonly carries: Readonly<Record<string, string>>;
          /** The containers that are missing, as the mean over the time, at most */
          readonly under?: number | undefined;
          /** The containers that are too many, as the mean over the time, at most */
          readonly over?: number | undefined;
          /** The share of the time in which containers are missing, at most */
          readonly time_under?: string | undefined;
          /** The share of the time in which containers are too many, at most */
          readonly time_over?: string | undefined;
          /** Changes of the containers less changes of the need, a minute, at most */
          readonly jitter?: number | undefined;
          /** The share of the time in which containers and need move in different directions, at most */
          readonly instability?: string | undefined;
        }
      | undefined;
  };
  /** A figure over time stays above or below a limit: all of the time, for a share of it, at the end, or soon again. */
  readonly series: {
    /** A series: `chaos explain` lists them */
    readonly name: keyof SeriesNames;
    /** Whose figure it is: a service, a group, a container, a cache layer; for promql the expression. Left out for a series of one figure */
    readonly of?: string | undefined;
    /** The limit, in the unit of the series: the value is above it */
    readonly above?: unknown;
    /** The limit, in the unit of the series: the value is below it */
    readonly below?: unknown;
    /** The phases in which it must hold; each is judged by itself */
    readonly during?: readonly ('baseline' | 'fault' | 'heal' | 'recovery')[] | undefined;
    /** For this share of the time at least; default: all of the time */
    readonly share?: string | undefined;
    /** Only the last reading of the phase counts */
    readonly at?: 'end' | undefined;
    /** From this time after the beginning of the phase on, to its end */
    readonly back_within?: string | undefined;
  };
}

/** What stands under `stop_if`, by name. A program adds its own with `declare module 'chaos'`. */
export interface StopConditions {
  /** Ends the run when too many of the requests that end in each second have failed. */
  readonly errors: {
    /** A percentage */
    readonly above: string;
    /** Which requests: all, reads or writes; a stop condition cannot name an endpoint */
    readonly of?: 'all' | 'reads' | 'writes' | undefined;
    /** How long the condition must hold before the run ends; default: 5s */
    readonly for?: string | undefined;
  };
  /** Ends the run when the primary was lost and no write was accepted for too long: the failover has failed then. */
  readonly failover: {
    /** A group of the topology with a primary and standbys */
    readonly service: string;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly within: string;
    /** How long the condition must hold before the run ends; default: 0s */
    readonly for?: string | undefined;
  };
  /** Ends the run when a percentile of the answers of each second is too slow. */
  readonly latency: {
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly p50_above?: string | undefined;
    /** A duration with its unit: 200ms, 10s, 2m, 1h */
    readonly p95_above?: string | undefined;
    /** How long the condition must hold before the run ends; default: 5s */
    readonly for?: string | undefined;
  };
  /** Ends the run when a figure is above or below a limit for too long; of several containers, one is enough. */
  readonly series: {
    /** A series: `chaos explain` lists them */
    readonly name: keyof SeriesNames;
    /** Whose figure it is: a service, a group, a container, a cache layer; for promql the expression. Left out for a series of one figure */
    readonly of?: string | undefined;
    /** The limit, in the unit of the series: the value is above it */
    readonly above?: unknown;
    /** The limit, in the unit of the series: the value is below it */
    readonly below?: unknown;
    /** How long the condition must hold before the run ends; default: 5s */
    readonly for?: string | undefined;
  };
}

/** What stands under `controllers`, by name. A program adds its own with `declare module 'chaos'`. */
export interface Controllers {
  /** Gives a service more or fewer containers by its CPU, memory, response time, requests and waiting jobs. */
  readonly autoscale: {
    /** A service of the topology */
    readonly service: string;
    /** Never fewer */
    readonly minInstances?: number | undefined;
    /** Never more */
    readonly maxInstances?: number | undefined;
    /** After a change, the instances shall use this share of their processors, percent */
    readonly targetCPUUtilization?: number | undefined;
    /** After a change, the instances shall use this share of their memory, percent */
    readonly targetMemoryUtilization?: number | undefined;
    /** A figure above it asks for more instances, percent */
    readonly scaleUpThreshold?: number | undefined;
    /** All figures below it ask for fewer, percent */
    readonly scaleDownThreshold?: number | undefined;
    /** For this long after a change nothing is changed, seconds */
    readonly cooldownPeriod?: number | undefined;
    /** Requests a second that are 100 % of what one instance serves; without it they do not count */
    readonly requestsPerInstance?: number | undefined;
    /** Waiting jobs that are 100 % of what one instance works off; without it they do not count */
    readonly jobsPerInstance?: number | undefined;
    /** Fewer instances only when nothing in so long a time asked for more, seconds */
    readonly stabilityWindow?: number | undefined;
    /** The most instances of one change */
    readonly largestStep?: number | undefined;
    /** Slow answers alone bring at most so many instances more than the other figures ask for; without it up to maxInstances */
    readonly slowAnswersAdd?: number | undefined;
    /** An older figure is not known, seconds */
    readonly staleAfter?: number | undefined;
  };
  /** Holds the number of containers of a service: it makes missing ones, and removes those beyond the number. */
  readonly hold: {
    /** A service of the topology */
    readonly service: string;
    /** How many containers it shall have */
    readonly replicas: number;
  };
}

/** What stands under `charts`, by name. A program adds its own with `declare module 'chaos'`. */
export interface Charts {
  /** A figure over time, with the limits that hypotheses and stop conditions have for it. */
  readonly series: {
    /** A series: `chaos explain` lists them */
    readonly name: keyof SeriesNames;
    /** Whose figure it is: a service, a group, a container, a cache layer; for promql the expression. Left out for a series of one figure */
    readonly of?: string | undefined;
    /** For promql: the unit of the values, which Prometheus gives in seconds, bytes or shares of one */
    readonly unit?: 'percent' | 'share' | 'duration' | 'byte rate' | 'bytes' | 'per second' | 'count' | undefined;
  };
}

/** The names of series. */
export interface SeriesNames {
  readonly asked: true;
  readonly cache_evictions: true;
  readonly cache_hit_ratio: true;
  readonly cache_latency: true;
  readonly cpu: true;
  readonly cpu_stolen: true;
  readonly disk: true;
  readonly dropped: true;
  readonly error_share: true;
  readonly generator_lag: true;
  readonly in_flight: true;
  readonly latency_p50: true;
  readonly latency_p95: true;
  readonly memory: true;
  readonly network: true;
  readonly open_files: true;
  readonly pressure: true;
  readonly primaries: true;
  readonly printed: true;
  readonly promql: true;
  readonly queue_depth: true;
  readonly replication_lag: true;
  readonly restarts: true;
  readonly round_trip: true;
  readonly running: true;
  readonly standbys: true;
  readonly throughput: true;
}

/** An experiment as an object. Paths count from the working folder. */
export interface Experiment {
  /** What the experiment is to show, in one sentence */
  readonly title: string;
  readonly tags?: readonly string[] | undefined;
  /** A compose file, or several that Compose merges in this order, relative to this file */
  readonly topology: string | readonly string[];
  readonly load: {
    /** A workload file, relative to this file */
    readonly workload: string;
    /** Requests per unit of time, at a constant rate: 278/s, 1000000/h */
    readonly rate?: string | undefined;
    /** Instead of `rate`: the rate over time, from the start of the warm-up. The last rate holds to the end */
    readonly stages?:
      | readonly {
          /** Changes the rate to this value at once and holds it */
          readonly at?: string | undefined;
          /** Changes the rate to this value in a straight line, from the rate of the stage before it or from 0 */
          readonly to?: string | undefined;
          /** How long the stage lasts */
          readonly for: string;
        }[]
      | undefined;
    /** constant: evenly spaced. poisson: as independent users come. The same seed gives the same arrivals */
    readonly arrivals?: 'constant' | 'poisson' | undefined;
    /** Instead of `rate`: the number of users, who send requests as often as the workload's frequencies say */
    readonly virtual_users?: number | undefined;
    /** The virtual users join evenly over this time */
    readonly ramp_up?: string | undefined;
    /** tls: the load goes to `x-chaos.tls`, and checks the certificate and its name */
    readonly over?: 'http' | 'tls' | undefined;
    /** The share of requests, drawn by the seed, that have a connection of their own; the others share connections that are kept */
    readonly new_connections?: string | undefined;
    /** A request that is not answered within this time is a failure */
    readonly timeout?: string | undefined;
    /** autocannon users beside the judged requests: they only add load, and their writes are audited too */
    readonly pressure?:
      | {
          /** Number of closed-loop users. What they see is not judged */
          readonly virtual_users: number;
          /** Rate of all these users together; default: as often as the workload's frequencies say */
          readonly rate?: string | undefined;
        }
      | undefined;
  };
  /** What watches the run: true for the topology's own Prometheus, or the address of yours */
  readonly monitoring?:
    | boolean
    | {
        readonly prometheus: string;
        /** By name of a request header: the environment variable that has its value */
        readonly headers?: Readonly<Record<string, string>> | undefined;
        /** The file of the authority that signed its certificate, relative to this file */
        readonly ca?: string | undefined;
      }
    | undefined;
  readonly phases: {
    /** Load that is not judged */
    readonly warmup?: string | undefined;
    /** The steady state before the fault */
    readonly baseline: string;
    /** The time for the faults */
    readonly fault: string;
    /** Deadline for healing. The phase ends when the system is healthy */
    readonly heal?: string | undefined;
    /** The time after healing */
    readonly recovery: string;
  };
  /** What breaks. May be empty when there are controllers */
  readonly faults: readonly OneOf<Faults>[];
  readonly hypotheses: readonly OneOf<Hypotheses>[];
  /** Conditions that end the run early, from the baseline on, with everything put back */
  readonly stop_if?: readonly OneOf<StopConditions>[] | undefined;
  /** What changes the number of containers from the warm-up to the end of recovery */
  readonly controllers?: readonly OneOf<Controllers>[] | undefined;
  /** Series that the report draws beside those of the hypotheses and stop conditions */
  readonly charts?: readonly OneOf<Charts>[] | undefined;
  /** The same seed gives the same arrivals and the same choices */
  readonly seed?: number | undefined;
}

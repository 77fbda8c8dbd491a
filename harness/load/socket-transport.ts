import type { PreparedRequest } from './request.ts';
import { Job, Lane, type LaneOwner, type Target } from './lane.ts';
import type { Exchange, Pending, Transport } from './transport.ts';

export interface SocketOptions {
  /**
   * New connections begun in one millisecond: a stall makes a burst, the burst wants a connection for each request, and
   * opening hundreds at once stalls again. Counted by beginnings, so that a peer that is slow to accept holds back no one.
   */
  readonly openingsPerMs: number;
  /** Milliseconds of any monotonic clock. */
  readonly now: () => number;
}

/** Below the 75 s after which nginx closes an idle connection; a server's own Keep-Alive hint takes precedence. */
const IDLE_MS = 30_000;
/** Before a connection is closed on the hour that its server has named: a request may be under way to it by then. */
const HINT_MARGIN_MS = 1_000;
const SWEEP_MS = 1_000;

function targetOf(baseUrl: string): Target {
  const { protocol, hostname, host, port, pathname } = new URL(baseUrl);
  const secure = protocol === 'https:';
  return {
    secure,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    host,
    prefix: pathname.replace(/\/$/, ''),
  };
}

/** Transport over sockets of our own; connections are made when needed and reused last-in first-out. */
export class SocketTransport implements Transport, LaneOwner {
  readonly #target: Target;
  readonly #now: () => number;
  readonly #lanes = new Set<Lane>();
  /** The longest unused first. */
  #idle: Lane[] = [];
  /** Requests that wait for their turn to open a connection. */
  #waiting: Job[] = [];
  readonly #openingsPerMs: number;
  #openings: number;
  #refill: NodeJS.Timeout | undefined;
  readonly #sweep: NodeJS.Timeout;
  /** Those that `connect` opens, until each has come to something. */
  readonly #ahead = new Map<Lane, () => void>();

  constructor(baseUrl: string, { openingsPerMs, now }: SocketOptions) {
    this.#target = targetOf(baseUrl);
    this.#now = now;
    this.#openingsPerMs = openingsPerMs;
    this.#openings = openingsPerMs;
    this.#sweep = setInterval(() => this.#dropStale(), SWEEP_MS);
  }

  async connect(connections: number): Promise<void> {
    const open = (): Promise<void> =>
      new Promise((resolve) => {
        const lane = new Lane(this.#target, this);
        this.#lanes.add(lane);
        this.#ahead.set(lane, resolve);
      });
    for (let left = connections; left > 0; left -= this.#openingsPerMs) {
      await Promise.all(Array.from({ length: Math.min(left, this.#openingsPerMs) }, open));
    }
  }

  send(request: PreparedRequest, exchange: Exchange): Pending {
    const job = new Job(request, exchange);
    const lane = this.#takeIdle() ?? this.#openLane();
    if (lane === undefined) {
      this.#waiting.push(job);
      this.#refill ??= setTimeout(() => this.#openWaiting(), 1);
    } else {
      lane.begin(job);
    }
    return job;
  }

  close(): void {
    clearTimeout(this.#refill);
    clearInterval(this.#sweep);
    for (const lane of this.#lanes) lane.discard();
  }

  opened(lane: Lane): void {
    this.#settleAhead(lane);
    if (!lane.busy) this.released(lane);
  }

  released(lane: Lane): void {
    const next = this.#nextWaiting();
    if (next !== undefined) {
      lane.begin(next);
      return;
    }
    lane.idleSince = this.#now();
    this.#idle.push(lane);
  }

  gone(lane: Lane): void {
    this.#settleAhead(lane);
    this.#lanes.delete(lane);
    const at = this.#idle.indexOf(lane);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  #settleAhead(lane: Lane): void {
    this.#ahead.get(lane)?.();
    this.#ahead.delete(lane);
  }

  #isStale({ idleSince, idleMs }: Lane): boolean {
    const limit = idleMs === undefined ? IDLE_MS : Math.min(IDLE_MS, Math.max(0, idleMs - HINT_MARGIN_MS));
    return this.#now() - idleSince > limit;
  }

  #takeIdle(): Lane | undefined {
    for (;;) {
      const lane = this.#idle.pop();
      if (lane === undefined || !this.#isStale(lane)) return lane;
      lane.discard();
    }
  }

  #dropStale(): void {
    for (const lane of this.#idle.filter((idle) => this.#isStale(idle))) lane.discard();
  }

  #nextWaiting(): Job | undefined {
    for (;;) {
      const job = this.#waiting.shift();
      if (job === undefined || !job.settled) return job;
    }
  }

  #openWaiting(): void {
    this.#refill = undefined;
    this.#openings = this.#openingsPerMs;
    while (this.#openings > 0) {
      const job = this.#nextWaiting();
      if (job === undefined) return;
      this.#openLane()?.begin(job);
    }
    if (this.#waiting.length > 0) this.#refill ??= setTimeout(() => this.#openWaiting(), 1);
  }

  /** A new connection, unless this millisecond has had its share. */
  #openLane(): Lane | undefined {
    if (this.#openings === 0) return undefined;
    this.#openings -= 1;
    this.#refill ??= setTimeout(() => this.#openWaiting(), 1);
    const lane = new Lane(this.#target, this);
    this.#lanes.add(lane);
    return lane;
  }
}

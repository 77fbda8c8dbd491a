import { createSecureContext } from 'node:tls';
import { basePath } from '../../core/load/address.ts';
import type { Trust } from '../../core/load/load.ts';
import type { Random } from '../../core/random.ts';
import type { Failure } from '../failure.ts';
import { Fifo } from '../thread/fifo.ts';
import { Job, Lane, type LaneOwner, type Target } from '../lane.ts';
import { MessageForms } from './message.ts';
import type { PreparedRequest } from './request.ts';
import type { Exchange, Pending, Transport } from './transport.ts';

export interface SocketOptions {
  /** Milliseconds after which a connection that does not open is given up. */
  readonly connectTimeoutMs: number;
  /** Milliseconds of any monotonic clock. */
  readonly now: () => number;
  /** For an address with https. Default: the authorities that Node knows, and the host of the address. */
  readonly trust?: Trust | undefined;
  /** Some requests have a connection of their own: this share, 0 to 1, drawn by `random`. Default: none. */
  readonly alone?: { readonly share: number; readonly random: Random } | undefined;
}

/**
 * Milliseconds after which an idle connection is closed: below the 75 s after which nginx closes it. A shorter
 * Keep-Alive hint of the server takes precedence.
 */
const IDLE_MS = 30_000;
/**
 * Milliseconds: an idle connection is closed this long before its server would close it. If it were closed later, the
 * server could close it under a request.
 */
const HINT_MARGIN_MS = 1_000;
const SWEEP_MS = 1_000;
/**
 * Milliseconds of each millisecond that may go into opening new connections. A stall makes a burst. A burst needs a
 * connection for each request, and opening hundreds at once stalls the generator again. Without a limit one stall ends
 * in thousands of connections. An opening costs 60 microseconds, so the limit is 6,000 openings a second. Only this
 * generator's own work counts, so a server that is slow to accept does not delay other openings.
 */
const OPENING_MS = 0.35;
/**
 * Milliseconds from one opening over TLS to the next. Its handshake goes on after the opening and takes about a
 * millisecond of processor time, so this keeps half of the thread free.
 */
const HANDSHAKE_EVERY_MS = 2;
/** How many connections `connect` opens at the same time. */
const AHEAD_AT_ONCE = 8;

function targetOf(baseUrl: string, { authorities, address }: Trust = {}): Target {
  const { protocol, hostname: named, host, port } = new URL(baseUrl);
  const secure = protocol === 'https:';
  const hostname = named.replace(/^\[|\]$/g, '');
  return {
    secure: secure ? createSecureContext(authorities === undefined ? {} : { ca: authorities }) : undefined,
    hostname,
    address: address ?? hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    messages: new MessageForms(host, basePath(baseUrl)),
  };
}

/** Removes and returns the first request that is not settled yet; drops settled requests before it. */
function nextOf(queue: Fifo<Job>): Job | undefined {
  for (;;) {
    const job = queue.shift();
    if (job === undefined || !job.settled) return job;
  }
}

/**
 * Transport over our own sockets. A request takes the connection that became free last. When no connection is free, one
 * is opened for the request, which then leaves over the first connection that becomes free. A connection that fails to
 * open fails one request: the oldest request for which a connection is being opened. A request that is to have a
 * connection of its own waits for that connection, and nobody else gets it.
 */
export class SocketTransport implements Transport, LaneOwner {
  readonly #target: Target;
  readonly #options: SocketOptions;
  readonly #open = new Set<Lane>();
  readonly #opening = new Set<Lane>();
  /** Free connections, the longest unused first. */
  readonly #idle: Lane[] = [];
  /** Requests for which a connection is being opened. */
  readonly #covered = new Fifo<Job>();
  /** Requests that wait until a connection may be opened for them. */
  readonly #uncovered = new Fifo<Job>();
  /** The same for requests that get a connection of their own. No other connection takes them. */
  readonly #uncoveredAlone = new Fifo<Job>();
  /** What is left of OPENING_MS in this millisecond. */
  #budget = OPENING_MS;
  #refill: NodeJS.Timeout | undefined;
  #covering: NodeJS.Immediate | undefined;
  readonly #sweep: NodeJS.Timeout;
  /** For each connection that `connect` opens: the function to call when it is open or has failed. */
  readonly #ahead = new Map<Lane, () => void>();
  /** Requests with a connection of their own, by this connection, while it opens. */
  readonly #alone = new Map<Lane, Job>();

  constructor(baseUrl: string, options: SocketOptions) {
    this.#target = targetOf(baseUrl, options.trust);
    this.#options = options;
    this.#sweep = setInterval(() => this.#dropStale(), SWEEP_MS);
  }

  async connect(connections: number): Promise<void> {
    const open = (): Promise<void> => new Promise((resolve) => this.#ahead.set(this.#openLane(), resolve));
    for (let left = connections; left > 0; left -= AHEAD_AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(left, AHEAD_AT_ONCE) }, open));
    }
  }

  send(request: PreparedRequest, exchange: Exchange): Pending {
    const { alone } = this.#options;
    const job = new Job(request, exchange, alone !== undefined && alone.random() < alone.share);
    const lane = job.alone ? undefined : this.#takeIdle();
    if (lane !== undefined) {
      exchange.onSent();
      lane.begin(job);
    } else {
      (job.alone ? this.#uncoveredAlone : this.#uncovered).push(job);
      // setImmediate: answers that have already arrived are read first, and they free their connections.
      this.#covering ??= setImmediate(() => this.#cover());
    }
    return job;
  }

  close(): void {
    clearTimeout(this.#refill);
    clearImmediate(this.#covering);
    clearInterval(this.#sweep);
    for (const lane of [...this.#open, ...this.#opening]) lane.discard();
  }

  opened(lane: Lane): void {
    this.#opening.delete(lane);
    this.#open.add(lane);
    this.#settleAhead(lane);
    const alone = this.#takeAlone(lane);
    if (alone === undefined) this.free(lane);
    else if (alone.settled) lane.discard();
    else lane.begin(alone);
  }

  free(lane: Lane): void {
    const covered = nextOf(this.#covered);
    const job = covered ?? nextOf(this.#uncovered);
    if (job === undefined) {
      this.#idle.push(lane);
      return;
    }
    if (covered === undefined) job.exchange.onSent();
    lane.begin(job);
  }

  unopened(lane: Lane, failure: Failure): void {
    this.#opening.delete(lane);
    if (this.#settleAhead(lane)) return;
    (this.#takeAlone(lane) ?? nextOf(this.#covered))?.fail(failure);
  }

  gone(lane: Lane): void {
    this.#open.delete(lane);
    // indexOf is quick here: connections that expire are the longest unused, at the front.
    const at = this.#idle.indexOf(lane);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  /** Returns true when `connect` opened the connection. No request waits for it then. */
  #settleAhead(lane: Lane): boolean {
    this.#ahead.get(lane)?.();
    return this.#ahead.delete(lane);
  }

  /** Returns the request for which alone the connection was opened. */
  #takeAlone(lane: Lane): Job | undefined {
    const job = this.#alone.get(lane);
    this.#alone.delete(lane);
    return job;
  }

  #isStale({ since, idleMs }: Lane, now: number): boolean {
    const limit = idleMs === undefined ? IDLE_MS : Math.min(IDLE_MS, Math.max(0, idleMs - HINT_MARGIN_MS));
    return now - since > limit;
  }

  #takeIdle(): Lane | undefined {
    for (;;) {
      const lane = this.#idle.pop();
      if (lane === undefined || !this.#isStale(lane, this.#options.now())) return lane;
      lane.discard();
    }
  }

  #dropStale(): void {
    const { now, connectTimeoutMs } = this.#options;
    const at = now();
    for (const lane of this.#idle.filter((idle) => this.#isStale(idle, at))) lane.discard();
    for (const lane of this.#opening) if (at - lane.since > connectTimeoutMs) lane.discard();
  }

  /** Opens a connection for each waiting request, while the time for it lasts. Over TLS opens one. */
  #cover(): void {
    this.#covering = undefined;
    const { now } = this.#options;
    const overTls = this.#target.secure !== undefined;
    for (let at = now(); this.#budget > 0;) {
      const job = nextOf(this.#uncoveredAlone) ?? nextOf(this.#uncovered);
      if (job === undefined) break;
      job.exchange.onSent();
      const lane = this.#openLane();
      if (job.alone) this.#alone.set(lane, job);
      else this.#covered.push(job);
      const begun = at;
      at = now();
      this.#budget -= overTls ? OPENING_MS : at - begun;
    }
    if (this.#budget < OPENING_MS)
      this.#refill ??= setTimeout(() => this.#openMore(), overTls ? HANDSHAKE_EVERY_MS : 1);
  }

  #openMore(): void {
    this.#refill = undefined;
    this.#budget = OPENING_MS;
    this.#cover();
  }

  #openLane(): Lane {
    const lane = new Lane(this.#target, this, this.#options.now);
    this.#opening.add(lane);
    return lane;
  }
}

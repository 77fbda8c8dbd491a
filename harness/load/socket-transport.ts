import type { FailureOutcome } from './failure.ts';
import { Fifo } from './fifo.ts';
import { Job, Lane, type LaneOwner, type Target } from './lane.ts';
import { MessageForms } from './message.ts';
import type { PreparedRequest } from './request.ts';
import type { Exchange, Pending, Transport } from './transport.ts';

export interface SocketOptions {
  /** After which a connection that does not come about is given up. */
  readonly connectTimeoutMs: number;
  /** Milliseconds of any monotonic clock. */
  readonly now: () => number;
}

/** Below the 75 s after which nginx closes an idle connection; a server's own Keep-Alive hint takes precedence. */
const IDLE_MS = 30_000;
/** So long before the moment at which its server says that it closes an idle connection, ours is closed: later a request may be under way. */
const HINT_MARGIN_MS = 1_000;
const SWEEP_MS = 1_000;
/**
 * Time out of each millisecond for beginning new connections. A stall makes a burst, the burst wants a connection for each
 * request, and to open hundreds at once stalls again: without a bound one stall ends in thousands of connections. At 60
 * microseconds each it is 6,000 a second. Counted by beginnings, so that a peer that is slow to accept holds back no one.
 */
const OPENING_MS = 0.35;
/** Opened at a time, ahead of need. */
const AHEAD_AT_ONCE = 8;

function targetOf(baseUrl: string): Target {
  const { protocol, hostname, host, port, pathname } = new URL(baseUrl);
  const secure = protocol === 'https:';
  return {
    secure,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    messages: new MessageForms(host, pathname.replace(/\/$/, '')),
  };
}

/** The first that still wants to be sent. */
function nextOf(queue: Fifo<Job>): Job | undefined {
  for (;;) {
    const job = queue.shift();
    if (job === undefined || !job.settled) return job;
  }
}

/**
 * Transport over sockets of our own. A request takes the connection that was free last; where none is, one is opened for
 * it, and it goes out over whichever is free first. A connection that fails to open fails one request: the oldest one
 * that waits for a connection under way.
 */
export class SocketTransport implements Transport, LaneOwner {
  readonly #target: Target;
  readonly #options: SocketOptions;
  readonly #open = new Set<Lane>();
  readonly #opening = new Set<Lane>();
  /** The longest unused first. */
  readonly #idle: Lane[] = [];
  /** Requests for which a connection is under way. */
  readonly #covered = new Fifo<Job>();
  /** Those that wait for their turn to have one opened. */
  readonly #uncovered = new Fifo<Job>();
  /** What is left of OPENING_MS in this millisecond. */
  #budget = OPENING_MS;
  #refill: NodeJS.Timeout | undefined;
  #covering: NodeJS.Immediate | undefined;
  readonly #sweep: NodeJS.Timeout;
  /** Called when a connection that was opened ahead of need has come to something. */
  readonly #ahead = new Map<Lane, () => void>();

  constructor(baseUrl: string, options: SocketOptions) {
    this.#target = targetOf(baseUrl);
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
    const job = new Job(request, exchange);
    const lane = this.#takeIdle();
    if (lane !== undefined) {
      exchange.onSent();
      lane.begin(job);
    } else {
      this.#uncovered.push(job);
      // Answers that are there already free their connections first.
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
    this.free(lane);
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

  unopened(lane: Lane, outcome: FailureOutcome): void {
    this.#opening.delete(lane);
    if (this.#settleAhead(lane)) return;
    nextOf(this.#covered)?.fail(outcome, 0);
  }

  gone(lane: Lane): void {
    this.#open.delete(lane);
    // Those that idle away are the longest unused, at the front.
    const at = this.#idle.indexOf(lane);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  /** True when it was opened ahead of need: then no request counts on it. */
  #settleAhead(lane: Lane): boolean {
    this.#ahead.get(lane)?.();
    return this.#ahead.delete(lane);
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

  /** Begins a connection for each request that waits for its turn, as far as this millisecond allows. */
  #cover(): void {
    this.#covering = undefined;
    const { now } = this.#options;
    for (let at = now(); this.#budget > 0;) {
      const job = nextOf(this.#uncovered);
      if (job === undefined) break;
      job.exchange.onSent();
      this.#covered.push(job);
      this.#openLane();
      const begun = at;
      at = now();
      this.#budget -= at - begun;
    }
    if (this.#budget < OPENING_MS) this.#refill ??= setTimeout(() => this.#nextMillisecond(), 1);
  }

  #nextMillisecond(): void {
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

import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import type { PreparedRequest } from './request.ts';
import type { Exchange, Transport } from './transport.ts';
import { Job, type Lane } from './undici-job.ts';

export interface UndiciOptions {
  /** After which a connection that cannot be opened is let go; requests themselves have no timeout here. */
  readonly connectTimeoutMs: number;
  /**
   * New connections begun in one millisecond: a stall makes a burst, the burst wants a connection for each request, and
   * opening hundreds at once stalls again. Counted by beginnings, so that a peer that is slow to accept holds back no one.
   */
  readonly openingsPerMs: number;
}

/** Below the 75 s after which nginx closes an idle connection; a server's own Keep-Alive hint takes precedence. */
const IDLE_MS = 30_000;

/** Transport over one undici Client a connection; connections are made when needed and reused last-in first-out. */
export class UndiciTransport implements Transport {
  readonly #origin: string;
  readonly #prefix: string;
  readonly #lanes = new Set<Lane>();
  readonly #idle: Lane[] = [];
  readonly #opened: Socket[] = [];
  readonly #connector: buildConnector.connector;
  /** Requests that wait for their turn to open a connection. */
  #waiting: Job[] = [];
  readonly #openingsPerMs: number;
  #openings: number;
  #refill: NodeJS.Timeout | undefined;

  constructor(baseUrl: string, { connectTimeoutMs, openingsPerMs }: UndiciOptions) {
    const url = new URL(baseUrl);
    this.#connector = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
    this.#openingsPerMs = openingsPerMs;
    this.#openings = openingsPerMs;
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/$/, '');
  }

  async connect(connections: number): Promise<void> {
    const { protocol, host, hostname, port } = new URL(this.#origin);
    const open = (): Promise<void> =>
      new Promise((resolve) => {
        this.#connector({ protocol, host, hostname, port }, (error, socket) => {
          if (error === null) this.#keep(socket);
          resolve();
        });
      });
    for (let left = connections; left > 0; left -= this.#openingsPerMs) {
      await Promise.all(Array.from({ length: Math.min(left, this.#openingsPerMs) }, open));
    }
  }

  send(request: PreparedRequest, exchange: Exchange): () => void {
    const job = new Job(
      request,
      exchange,
      (done) => this.#release(done),
      (failed) => this.#discard(failed.lane),
    );
    const lane = this.#idle.pop() ?? this.#openLane();
    if (lane === undefined) {
      this.#waiting.push(job);
      this.#refill ??= setTimeout(() => this.#openWaiting(), 1);
    } else {
      this.#begin(job, lane);
    }
    return () => {
      if (job.settled) return;
      job.settled = true;
      this.#discard(job.lane);
    };
  }

  async close(): Promise<void> {
    clearTimeout(this.#refill);
    for (const socket of this.#opened.splice(0)) socket.destroy();
    await Promise.all(Array.from(this.#lanes, ({ client }) => client.destroy()));
  }

  #begin(job: Job, lane: Lane): void {
    job.lane = lane;
    lane.job = job;
    job.exchange.onSent();
    const { spec, path, headers, body } = job.request;
    lane.client.dispatch(
      { path: this.#prefix + path, method: spec.method, headers: headers as string[], body: body ?? null },
      job,
    );
  }

  #release(job: Job): void {
    const { lane } = job;
    if (lane === undefined || lane.gone) return;
    lane.job = undefined;
    const next = this.#nextWaiting();
    if (next === undefined) this.#idle.push(lane);
    else this.#begin(next, lane);
  }

  #discard(lane: Lane | undefined): void {
    if (lane === undefined || lane.gone) return;
    lane.gone = true;
    this.#lanes.delete(lane);
    // Those that idle away are the longest unused, at the front.
    const at = this.#idle.indexOf(lane);
    if (at !== -1) this.#idle.splice(at, 1);
    void lane.client.destroy();
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
    for (;;) {
      const lane = this.#waiting.length === 0 ? undefined : this.#openLane();
      if (lane === undefined) break;
      const job = this.#nextWaiting();
      if (job === undefined) this.#idle.push(lane);
      else this.#begin(job, lane);
    }
    if (this.#waiting.length > 0) this.#refill ??= setTimeout(() => this.#openWaiting(), 1);
  }

  /** A new connection, unless this millisecond has had its share. */
  #openLane(): Lane | undefined {
    if (this.#openings === 0) return undefined;
    this.#openings -= 1;
    this.#refill ??= setTimeout(() => this.#openWaiting(), 1);
    const client = new Client(this.#origin, {
      pipelining: 1,
      connect: (options, callback) => this.#connectLane(options, callback),
      keepAliveTimeout: IDLE_MS,
      // Timeouts are the generator's: undici's are half a second coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    const lane: Lane = { client, job: undefined, gone: false };
    client.on('disconnect', () => {
      if (lane.job === undefined) this.#discard(lane);
    });
    this.#lanes.add(lane);
    return lane;
  }

  #connectLane(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const socket = this.#opened.pop();
    if (socket === undefined) this.#connector(options, callback);
    // undici is not ready for the answer within its own call: the request would wait for ever.
    else queueMicrotask(() => callback(null, socket));
  }

  /** Holds an open connection until it is needed; one that the other side closes is forgotten. */
  #keep(socket: Socket): void {
    this.#opened.push(socket);
    socket.once('close', () => {
      const at = this.#opened.indexOf(socket);
      if (at !== -1) this.#opened.splice(at, 1);
    });
  }
}

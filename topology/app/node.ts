import { Client, Pool } from 'pg';
import type { ClientBase, ClientConfig, PoolClient, QueryResultRow } from 'pg';
import { Circuit } from './circuit.ts';
import type { Limits } from './config.ts';
import { BusyError, classify, opensCircuit, SlowError, UnreplicatedError } from './retry.ts';
import { TIMED_OUT, within } from './time.ts';
import type { Time } from './time.ts';

export interface Query {
  /** Name of the prepared statement. Each text has a name of its own. */
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

export interface NodeOptions {
  readonly name: 'primary' | 'standby';
  readonly url: string;
  /** The most connections at first. `resize` changes it. */
  readonly poolSize: number;
  /** How many replicas use this address, as far as it is known. */
  readonly replicas: () => number;
  readonly limits: Limits;
  readonly time: Time;
}

/**
 * Seconds for which a connection is used. Connections that were made while one node was away lead to the other: so long,
 * and not longer, one node has all the work. Each has a length of its own, so that they are not made anew all at once.
 */
const LIFETIME_S = { least: 60, most: 120 };

/**
 * A replica probes again so long after a probe that failed, and all replicas together at most so often in a second. Each
 * probe is a new connection: fifty replicas that probe ten times a second take from the server what it needs to come back.
 */
const PROBE = { everyMs: 100, perSecond: 50 };

/** The pool takes the place of a probe back when its connection has ended. A silent peer never confirms the end. */
const PROBE_END_MS = 50;

/** Returns undefined for Infinity. For pg an absent value means no limit, and pg does not take Infinity. */
const finite = (ms: number): number | undefined => (ms === Infinity ? undefined : Math.max(1, Math.ceil(ms)));

/**
 * One database address: its pool, and a circuit that remembers whether the address can be used. Pool and probe together
 * never have more connections than the size of the pool: the probe takes the place of the connection that has failed.
 */
export class DatabaseNode {
  readonly pool: Pool;
  readonly circuit: Circuit;
  readonly #options: NodeOptions;
  readonly #unreplicated = new WeakSet<ClientBase>();
  #size: number;
  #probing = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#size = options.poolSize;
    this.pool = new Pool({ ...this.#connection(), max: options.poolSize, maxLifetimeSeconds: LIFETIME_S.most });
    this.#limit();
    this.pool.on('error', () => this.circuit.trip());
    this.pool.on('connect', (client) => {
      // pg-pool reads this when it makes the next connection.
      const { least, most } = LIFETIME_S;
      this.pool.options.maxLifetimeSeconds = least + (most - least) * Math.random();
      this.#watch(client);
    });
    this.circuit = new Circuit({
      probe: () => this.#probe(),
      time: options.time,
      intervalMs: () => Math.max(PROBE.everyMs, (1000 * options.replicas()) / PROBE.perSecond),
    });
  }

  /**
   * Returns the rows of one statement, which is its own transaction. Any error destroys the connection. So a statement
   * that got no answer and its repetition never share a connection.
   */
  async run<Row extends QueryResultRow>(query: Query, ms: number): Promise<Row[]> {
    const { name, time } = this.#options;
    const started = time.now();
    const client = await this.#acquire(ms);
    let failure: Error | undefined;
    try {
      const left = ms - (time.now() - started);
      const answer = await within(time, client.query<Row>(query), left);
      if (answer === TIMED_OUT) throw new SlowError(`No answer from the ${name} within ${Math.round(ms)} ms.`);
      if (this.#unreplicated.has(client)) throw new UnreplicatedError('The wait for the standby was cancelled.');
      return answer.rows;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      this.#heed(failure); // before its connection goes: the probe takes the connection's place
      throw error;
    } finally {
      this.#giveBack(client, failure);
    }
  }

  /** The most connections, the probe's included. */
  get size(): number {
    return this.#size;
  }

  /**
   * Sets the most connections. More of them can be used at once. When there are too many, the idle ones are closed now
   * and the others as they come back. No statement is cut off.
   */
  resize(size: number): void {
    this.#size = size;
    this.#fit();
  }

  async close(): Promise<void> {
    this.circuit.stop();
    await this.pool.end();
  }

  /**
   * Throws BusyError when no connection is there after `ms`. A connection that comes later goes back to the pool. An
   * error that comes later still counts for the circuit.
   */
  async #acquire(ms: number): Promise<PoolClient> {
    const pending = this.pool.connect();
    pending.catch((error: unknown) => this.#heed(error));
    const client = await within(this.#options.time, pending, ms);
    if (client !== TIMED_OUT) return client;
    pending.then(
      (late) => this.#giveBack(late),
      () => undefined,
    );
    throw new BusyError(`No connection to the ${this.#options.name} within ${Math.round(ms)} ms.`);
  }

  /** Closes the connection when it has failed, or when there are too many. */
  #giveBack(client: PoolClient, failure?: Error): void {
    client.release(failure ?? this.pool.totalCount > this.pool.options.max);
  }

  /**
   * Gives the pool its limits. pg-pool reads them whenever a connection is asked for, or comes back. No connection is closed
   * because it is idle: to make it again, and to plan every statement again on it, costs the server tens of milliseconds,
   * and that would come just when the load rises.
   */
  #limit(): void {
    this.pool.options.max = this.#size - (this.#probing ? 1 : 0);
    this.pool.options.min = this.#size;
  }

  #fit(): void {
    const { pool } = this;
    this.#limit();
    const room = pool.options.max - pool.totalCount;
    const turns = room < 0 ? Math.min(-room, pool.idleCount) : Math.min(room, pool.waitingCount);
    for (let turn = 0; turn < turns; turn += 1) this.#takeTurn();
  }

  /**
   * Takes a connection and gives it back. So an idle one that is too many is closed, and a new one goes to a statement
   * that waits: pg-pool itself does neither before the next connection comes back.
   */
  #takeTurn(): void {
    this.pool.connect().then(
      (client) => this.#giveBack(client),
      (error: unknown) => this.#heed(error),
    );
  }

  #heed(error: unknown): void {
    if (opensCircuit(classify(error))) this.circuit.trip();
  }

  #watch(client: ClientBase): void {
    // Without a listener, an error of a connection in use would end the process. Its query rejects in any case.
    client.on('error', () => undefined);
    client.on('notice', (notice) => {
      if (notice.code === '01000') this.#unreplicated.add(client);
    });
  }

  /**
   * Makes a new connection. So it finds out whether new connections can be made. For the primary, it also finds out
   * whether the address leads to a node that accepts writes. A pool without a connection keeps the new one: the first
   * request does not wait for it. Any other pool has one connection less meanwhile: fifty replicas that probe at once
   * would need a hundred connections more.
   */
  async #probe(): Promise<void> {
    if (this.pool.totalCount === 0) return this.#tryFirst();
    this.#probing = true;
    this.#limit();
    try {
      await this.#tryConnection();
    } finally {
      this.#probing = false;
      this.#fit();
    }
  }

  async #tryFirst(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await this.#check(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#giveBack(client);
  }

  async #tryConnection(): Promise<void> {
    const client = new Client(this.#connection());
    client.on('error', () => undefined);
    try {
      await client.connect();
      await this.#check(client);
    } finally {
      const ended = client.end().catch(() => undefined);
      await within(this.#options.time, ended, PROBE_END_MS);
    }
  }

  async #check(client: ClientBase): Promise<void> {
    const { name, time, limits } = this.#options;
    const answer = await within(
      time,
      client.query<{ transaction_read_only: string }>('show transaction_read_only'),
      limits.connectMs,
    );
    if (answer === TIMED_OUT) throw new SlowError(`No answer from the ${name} within ${limits.connectMs} ms.`);
    const readOnly = answer.rows[0]?.transaction_read_only === 'on';
    if (name === 'primary' && readOnly) throw new Error('The primary is read-only.');
  }

  #connection(): ClientConfig {
    const { name, url, limits } = this.#options;
    const statementMs = name === 'primary' ? limits.writeStatementMs : limits.readStatementMs;
    return {
      connectionString: url,
      application_name: `wedsync-${name}`,
      connectionTimeoutMillis: finite(limits.connectMs),
      statement_timeout: finite(statementMs),
      lock_timeout: finite(limits.lockMs),
      idle_in_transaction_session_timeout: finite(5 * limits.connectMs),
      keepAlive: true,
      keepAliveInitialDelayMillis: 1000,
    };
  }
}

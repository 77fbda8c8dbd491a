import type { QueryResultRow } from 'pg';
import type { Config } from './config.ts';
import { unavailable } from './errors.ts';
import type { ApiError } from './errors.ts';
import type { DatabaseNode, Query } from './node.ts';
import { backoffMs, classify, RetryBudget } from './retry.ts';
import { Semaphore } from './semaphore.ts';
import { sleep } from './time.ts';
import type { Deadline, Time } from './time.ts';

export interface DatabaseOptions {
  readonly primary: Pick<DatabaseNode, 'run' | 'circuit'>;
  readonly standby: Pick<DatabaseNode, 'run' | 'circuit'>;
  readonly config: Pick<Config, 'switches' | 'limits'>;
  /** The size of the primary's pool at first. `resize` changes it. */
  readonly poolSize: number;
  readonly time: Time;
  readonly random: () => number;
}

type Node = DatabaseOptions['primary'];

const READ_ATTEMPTS = 4;
const WRITE_ATTEMPTS = 8;
/** No attempt begins with less time left than this: it would fail, and cost a connection. */
const LEAST_MS = 50;
/**
 * The share of the primary's pool that writes may hold. While writes wait for a lost standby, reads still get through.
 */
const WRITERS = 0.8;
/**
 * After an outage of the primary of at least this long, writes are waiting. They are let in one at a time at first,
 * then twice as many at each step.
 */
const OUTAGE_MS = 500;
const SLOW_START_STEP_MS = 300;

/**
 * Reads from the standby, or from the primary when the standby fails. Writes to the primary. Repeats a failed statement
 * within the request's deadline.
 */
export class Database {
  readonly #options: DatabaseOptions;
  readonly #writers: Semaphore;
  readonly #usualNext: Semaphore['next'];
  #mostWriters: number;
  /** How many writers an outage lets in. Infinity when the slow start is over. */
  #letIn = Infinity;
  readonly #readRetries = new RetryBudget(100);
  #outages = 0;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#mostWriters = writersOf(options.poolSize);
    this.#writers = new Semaphore(options.time, this.#mostWriters);
    this.#usualNext = options.config.switches.admission ? 'newest' : 'oldest';
    this.#writers.next = this.#usualNext;
    options.primary.circuit.onChange((state, lastedMs) => {
      if (state === 'closed' && lastedMs >= OUTAGE_MS) void this.#slowStart();
    });
  }

  /** Gives the writes their share of a pool of this size. */
  resize(poolSize: number): void {
    this.#mostWriters = writersOf(poolSize);
    this.#fitWriters();
  }

  /** Whether any request can be served, as the circuits remember. Asks no database. */
  get usable(): boolean {
    return this.#options.primary.circuit.closed || this.#options.standby.circuit.closed;
  }

  /**
   * Returns the rows of a statement that changes nothing. An attempt begins only when the attempt before it has ended.
   */
  async read<Row extends QueryResultRow>(query: Query, deadline: Deadline): Promise<Row[]> {
    const { switches, limits } = this.#options.config;
    const nodes = switches.fallback ? [this.#options.standby, this.#options.primary] : [this.#options.standby];
    const attempts = switches.retry ? READ_ATTEMPTS : nodes.length;
    this.#readRetries.deposit();
    let failed: Node | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const node = await this.#readable(nodes, failed, deadline);
      const alternative = nodes.some((other) => other !== node && other.circuit.closed);
      const ms = attempt === 1 && alternative ? limits.readFirstMs : limits.readMs;
      try {
        return await node.run<Row>(query, Math.min(ms, deadline.remaining()));
      } catch (error) {
        if (classify(error) === 'fatal') throw error;
        if (attempt >= attempts || deadline.remaining() < LEAST_MS || !this.#readRetries.withdraw())
          throw databaseOut(error);
        failed = node;
      }
    }
  }

  /**
   * Returns the rows of a statement that may be repeated, because it stores its idempotency key in its own transaction.
   */
  async write<Row extends QueryResultRow>(query: Query, deadline: Deadline): Promise<Row[]> {
    const { config, primary, time, random } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      if (config.switches.retry && !(await primary.circuit.whenClosed(deadline.remaining() - LEAST_MS)))
        throw databaseOut();
      const release = await this.#writers.acquire(deadline.remaining() - LEAST_MS);
      if (!release) throw unavailable('overloaded', 'Too many writes are waiting.');
      try {
        return await primary.run<Row>(query, Math.min(config.limits.writeMs, deadline.remaining()));
      } catch (error) {
        if (classify(error) === 'fatal') throw error;
        const pause = backoffMs(attempt, random);
        const spent = attempt >= WRITE_ATTEMPTS || deadline.remaining() - pause < LEAST_MS;
        if (!config.switches.retry || spent) throw databaseOut(error);
        release();
        await sleep(time, pause);
      } finally {
        release();
      }
    }
  }

  /**
   * Lets the waiting writes in step by step after an outage. Otherwise all of them begin at once, each on a connection
   * that it must first make, and readers wait behind them. (Measured on two cores with three replicas of 16 writers
   * each: reads took over 200 ms for four seconds.) Meanwhile the oldest write comes first: it has the least time left.
   */
  async #slowStart(): Promise<void> {
    const outage = ++this.#outages;
    this.#writers.next = 'oldest';
    for (let places = 1; places < this.#mostWriters; places *= 2) {
      this.#letIn = places;
      this.#fitWriters();
      await sleep(this.#options.time, SLOW_START_STEP_MS);
      if (outage !== this.#outages) return;
    }
    this.#letIn = Infinity;
    this.#fitWriters();
    this.#writers.next = this.#usualNext;
  }

  #fitWriters(): void {
    this.#writers.resize(Math.min(this.#mostWriters, this.#letIn));
  }

  /**
   * Chooses the node for an attempt. A node whose circuit is closed and that has not just failed comes first. Then
   * comes any node whose circuit is closed. When all circuits are open, waits for the first that closes. With
   * RETRY=off it does not wait, and takes a node that has not just failed.
   */
  async #readable(nodes: readonly Node[], failed: Node | undefined, deadline: Deadline): Promise<Node> {
    const [first = this.#options.standby] = nodes;
    const good = nodes.filter((node) => node.circuit.closed);
    const choice = good.find((node) => node !== failed) ?? good[0];
    if (choice) return choice;
    if (!this.#options.config.switches.retry) return nodes.find((node) => node !== failed) ?? first;
    await Promise.race(nodes.map((node) => node.circuit.whenClosed(deadline.remaining() - LEAST_MS)));
    const back = nodes.find((node) => node.circuit.closed);
    if (!back) throw databaseOut();
    return back;
  }
}

const writersOf = (poolSize: number): number => Math.max(1, Math.floor(poolSize * WRITERS));

const databaseOut = (cause?: unknown): ApiError =>
  unavailable('database_unavailable', 'The database cannot be reached now.', cause);

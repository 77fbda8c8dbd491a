import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../../core/errors.ts';
import { type Log, silent } from '../../core/log.ts';
import type { Answer } from '../../core/topology/witness.ts';
import { parseLine } from './line.ts';

/**
 * Where a witness runs: in the network namespace of a container, or on a network. A namespace is gone when its
 * container ends or restarts.
 */
export interface Host {
  readonly id: string;
  readonly name: string;
  /** Epoch milliseconds; 0 for a network. */
  readonly startedAt: number;
}

export interface Hosts {
  /** Returns a host that a witness can use now, undefined when there is none. */
  find(): Promise<Host | undefined>;
  /** Returns whether the host's container has run without a break since `startedAt`. A network is always the same. */
  isSame(host: Host): Promise<boolean>;
  /** Starts the witness in the host's network. `onLine` receives each line that it prints, until disposed. */
  attach(host: Host, onLine: (line: string) => void): Promise<AsyncDisposable>;
}

export interface MovingOptions {
  readonly hosts: Hosts;
  readonly onAnswer: (answer: Answer) => void;
  readonly log?: Log;
  /** Milliseconds between two checks of a host from which questions fail. Default: 250. */
  readonly checkMs?: number;
  /** Milliseconds between two searches for a host while there is none. Default: 500. */
  readonly searchMs?: number;
}

/**
 * A witness in the network of one of a consumer's containers, its host. When the host ends, the witness moves to
 * another container, or to the same container after its restart: experiments kill consumers too. A failed answer is
 * passed on only when the host is known to have run all the time. What a dead consumer cannot reach says nothing
 * about the link.
 */
export class MovingWitness implements AsyncDisposable {
  readonly #options: MovingOptions;
  readonly #checkMs: number;
  readonly #searchMs: number;
  /** Answers that wait for a check of their host, in the order in which they came. */
  #held: Answer[] = [];
  #checking: Promise<void> | undefined;
  #checkedAt = -Infinity;
  #host: Host | undefined;
  #helper: AsyncDisposable | undefined;
  #ended = false;

  private constructor(options: MovingOptions) {
    this.#options = options;
    this.#checkMs = options.checkMs ?? 250;
    this.#searchMs = options.searchMs ?? 500;
  }

  /** Starts a witness. Resolves with undefined when no container of the consumer runs. */
  static async start(options: MovingOptions): Promise<MovingWitness | undefined> {
    const witness = new MovingWitness(options);
    const host = await options.hosts.find();
    if (host === undefined) return undefined;
    await witness.#attach(host);
    return witness;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#host = undefined;
    await this.#checking;
    await this.#helper?.[Symbol.asyncDispose]();
  }

  async #attach(host: Host): Promise<void> {
    this.#host = host;
    this.#helper = await this.#options.hosts.attach(host, (line) => {
      if (this.#host === host) this.#read(line);
    });
  }

  #read(line: string): void {
    const answer = parseLine(line) as Answer | undefined;
    if (answer === undefined) return;
    if (answer.ok && this.#held.length === 0) {
      this.#options.onAnswer(answer);
      return;
    }
    this.#held.push(answer);
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined));
  }

  async #check(): Promise<void> {
    while (this.#host !== undefined && this.#held.length > 0) {
      const host = this.#host;
      await sleep(Math.max(0, this.#checkedAt + this.#checkMs - performance.now()));
      const held = this.#held.splice(0);
      // When the engine does not answer, nothing shows that the host is gone.
      const same = await this.#options.hosts.isSame(host).catch(() => true);
      this.#checkedAt = performance.now();
      for (const answer of held) if (same || answer.ok) this.#options.onAnswer(answer);
      if (!same && !this.#ended) await this.#move(host);
    }
  }

  async #move(from: Host): Promise<void> {
    const { hosts, log = silent } = this.#options;
    this.#host = undefined;
    this.#held = [];
    await Promise.allSettled([this.#helper?.[Symbol.asyncDispose]()]);
    this.#helper = undefined;
    log('info', 'witness without a host', { from: from.name });
    while (!this.#ended) {
      try {
        const next = await hosts.find();
        if (next !== undefined) {
          await this.#attach(next);
          log('info', 'witness moved', { from: from.name, to: next.name });
          return;
        }
      } catch (error) {
        log('warn', 'witness not moved', { error: describeError(error) });
      }
      await sleep(this.#searchMs);
    }
  }
}

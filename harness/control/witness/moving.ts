import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../../core/errors.ts';
import { type Log, silent } from '../../core/log.ts';
import type { Answer } from '../../core/topology.ts';
import { parseLine } from './line.ts';

/** A container whose network namespace is looked from; the namespace is gone when the container ends or starts anew. */
export interface Host {
  readonly id: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface Hosts {
  /** One that runs now, undefined if none does. */
  find(): Promise<Host | undefined>;
  /** Whether it has run ever since. */
  isSame(host: Host): Promise<boolean>;
  /** Looks from there: `onLine` gets what is printed, until it is disposed of. */
  attach(host: Host, onLine: (line: string) => void): Promise<AsyncDisposable>;
}

export interface MovingOptions {
  readonly hosts: Hosts;
  readonly onAnswer: (answer: Answer) => void;
  readonly log?: Log;
  /** Milliseconds between two looks at a host that questions fail from. */
  readonly checkMs?: number;
  /** Milliseconds between two searches for a host while there is none. */
  readonly searchMs?: number;
}

/**
 * Looks from one container of a consumer, and moves to another, or to the same one in its new network, when that one has
 * ended: experiments kill consumers, too. An answer that failed is passed on only once its host is known to have run all
 * the time: what a dead consumer cannot reach says nothing about the link.
 */
export class MovingWitness implements AsyncDisposable {
  readonly #options: MovingOptions;
  readonly #checkMs: number;
  readonly #searchMs: number;
  /** Answers that wait for a look at their host, in the order in which they came. */
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

  /** Undefined if no container of the consumer runs. */
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
      // An engine that does not answer cannot say that the host has gone.
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

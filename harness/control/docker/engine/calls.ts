import { AsyncLocalStorage } from 'node:async_hooks';
import type Docker from 'dockerode';
import { withDeadline } from '../../../core/deadline.ts';
import { type Log, logged, type LogLevel } from '../../../core/log.ts';
import { engineError, OddAnswer, refusedWith, silentEngine } from './error.ts';

/** Milliseconds that one engine call may take: far more than it needs, and less than a person would wait. */
export const CALL_MS = 10_000;

/** Returns whether the engine refused only because the container is gone, or is in the wanted state already. */
function isHarmless(error: unknown): boolean {
  const status = refusedWith(error);
  const text = (error as Error).message;
  if (status === 304 || status === 404) return true;
  // The engine answers 500 when a container that is to be unpaused is not paused.
  if (status === 500) return /is not paused/i.test(text);
  return status === 409 && /not paused|already|is not running|in progress/i.test(text);
}

/** The signal of the call that is at work. Every request that the call makes is aborted with it. */
const atWork = new AsyncLocalStorage<AbortSignal>();

interface Dialled {
  readonly method: string;
  readonly path: string;
  readonly isStream?: boolean;
}
type Answered = (error: Error | null, answer: unknown) => void;

/** Calls the engine with a deadline and logs each call. Throws a CHAOS_ENGINE_ error for everything that goes wrong. */
export class EngineCalls {
  readonly docker: Docker;
  readonly #log: Log;
  /** Names of the listed containers by id, for the log. */
  readonly #names = new Map<string, string>();

  constructor(docker: Docker, log: Log) {
    this.docker = docker;
    this.#log = log;
    watchRequests(docker);
  }

  remember(id: string, name: string): void {
    this.#names.set(id, name);
  }

  /** Returns the name of a container that is given by its id, or by its name already. */
  name(id: string): string {
    return this.#names.get(id) ?? (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id);
  }

  /**
   * Runs `work`, which sends requests to the engine and reads their answers. Resolves with its result. At the deadline
   * every request of `work` is aborted, so that no request keeps this process alive. A stream that `work` has opened
   * must end with the signal. `deadlineMs`: for work that takes long by its nature. When such work is late, this says
   * nothing about the engine.
   */
  async call<T>(
    what: string,
    work: (signal: AbortSignal) => Promise<T>,
    level: LogLevel = 'debug',
    deadlineMs?: number,
  ): Promise<T> {
    const over = new AbortController();
    const timely = withDeadline(
      `the engine (${what})`,
      deadlineMs ?? CALL_MS,
      atWork.run(over.signal, work, over.signal),
      deadlineMs === undefined ? () => silentEngine(what, CALL_MS) : undefined,
    ).catch((error: unknown) => {
      over.abort();
      throw engineError(what, error);
    });
    return logged(this.#log, { to: 'engine', what, level }, timely);
  }

  /** Makes a call that changes something. It succeeds when the target is gone, or is in the wanted state already. */
  async idempotent(what: string, work: () => Promise<unknown>, deadlineMs?: number): Promise<void> {
    const unlessHarmless = (): Promise<unknown> =>
      work().catch((error: unknown) => {
        if (!isHarmless(error)) throw error;
      });
    await this.call(what, unlessHarmless, 'info', deadlineMs);
  }
}

/**
 * Gives each request of a client the signal of the call that makes it, and refuses an answer that is no JSON. Without
 * this, dockerode hands a page of HTML on as if it were the answer. Only logs and streams need not be JSON.
 */
function watchRequests({ modem }: Docker): void {
  const dial = modem.dial.bind(modem) as (options: object, callback: Answered) => void;
  modem.dial = (options: Dialled, callback: Answered) => {
    const { method, path, isStream = false } = options;
    const isBytes = isStream || path.includes('/logs');
    dial({ ...options, abortSignal: atWork.getStore() }, (error, answer) => {
      const odd = error === null && !isBytes && Buffer.isBuffer(answer) && (answer.length > 0 || method === 'GET');
      callback(odd ? new OddAnswer(answer) : error, answer);
    });
  };
}

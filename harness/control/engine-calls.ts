import type Docker from 'dockerode';
import { withDeadline } from '../core/deadline.ts';
import { ChaosError } from '../core/errors.ts';
import { type Log, logged, type LogLevel } from '../core/log.ts';

/** Milliseconds that one engine call may take: far above what it needs, below what a person would wait. */
export const CALL_MS = 10_000;

/** True for an engine's answer that the state asked for is there already, or that the thing is gone. */
function isHarmless(error: unknown): boolean {
  const status = (error as { statusCode?: number }).statusCode;
  const text = (error as Error).message;
  if (status === 304 || status === 404) return true;
  // Unpausing what is not paused is a 500.
  if (status === 500) return /is not paused/i.test(text);
  return status === 409 && /not paused|already|is not running|in progress/i.test(text);
}

/** How the engine is called: each call with a deadline, logged, and with a clear error when nobody answers. */
export class EngineCalls {
  readonly docker: Docker;
  readonly #log: Log;
  /** Names by id, of what was listed: for the log. */
  readonly #names = new Map<string, string>();

  constructor(docker: Docker, log: Log) {
    this.docker = docker;
    this.#log = log;
  }

  remember(id: string, name: string): void {
    this.#names.set(id, name);
  }

  name(id: string): string {
    return this.#names.get(id) ?? id.slice(0, 12);
  }

  async call<T>(what: string, work: Promise<T>, level: LogLevel = 'debug', deadlineMs = CALL_MS): Promise<T> {
    try {
      const timely = withDeadline(`the engine (${what})`, deadlineMs, work);
      return await logged(this.#log, { to: 'engine', what, level }, timely);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'EACCES') {
        throw new ChaosError('CHAOS_ENGINE_UNREACHABLE', {
          what: 'the Docker engine does not answer',
          hint: 'Start it, or run `npx chaos setup`; `npx chaos doctor` says more.',
          exit: 'not-ready',
          cause: error,
        });
      }
      throw error;
    }
  }

  /** Gone or in the wanted state already is success. */
  async idempotent(what: string, work: Promise<unknown>, deadlineMs = CALL_MS): Promise<void> {
    const unlessHarmless = work.catch((error: unknown) => {
      if (!isHarmless(error)) throw error;
    });
    await this.call(what, unlessHarmless, 'info', deadlineMs);
  }
}

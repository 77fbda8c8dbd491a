import { ChaosError, describeError } from './errors.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * The harness's own log: each order to another program, and how it ended. No verdict uses it. A call must not throw and
 * must not block.
 */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A log that keeps nothing. */
export const silent: Log = () => undefined;

/** An order to another program. */
export interface Order {
  /** The program: "engine", "toxiproxy", "compose", "postgres", "redis". */
  readonly to: string;
  readonly what: string;
  /** 'info' for an order that changes something, 'debug' for an order that only reads. */
  readonly level: LogLevel;
}

/**
 * Returns the result of `work` and writes one log line when it has ended: how long it took (milliseconds) and how it
 * ended. An order that failed is a warning. Throws what `work` throws.
 */
export async function logged<T>(log: Log, { to, what, level }: Order, work: Promise<T>): Promise<T> {
  const begun = performance.now();
  const ms = (): number => Math.round((performance.now() - begun) * 10) / 10;
  try {
    const result = await work;
    log(level, what, { to, ms: ms(), outcome: 'ok' });
    return result;
  } catch (error) {
    const { code, hint } = error instanceof ChaosError ? error : {};
    log('warn', what, { to, ms: ms(), outcome: 'failed', error: describeError(error), code, hint });
    throw error;
  }
}

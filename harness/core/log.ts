import { ChaosError, describeError } from './errors.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The harness's own log: what it asked of the world and what came of it. No verdict stands on it; it may neither throw nor block. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Keeps nothing. */
export const silent: Log = () => undefined;

/** Something asked of the world. */
export interface Order {
  /** Who is asked: "engine", "toxiproxy", "compose", "postgres", "redis". */
  readonly to: string;
  readonly what: string;
  /** 'info' for what changes the world, 'debug' for a look at it. */
  readonly level: LogLevel;
}

/** One line when the order has ended: how long it took in milliseconds, and how it went; a failed one is a warning. */
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

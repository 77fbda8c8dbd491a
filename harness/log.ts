import { join } from 'node:path';
import { type DestinationStream, pino } from 'pino';
import { ChaosError } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { type Redact, redactDeep } from './core/redact.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = (typeof LEVELS)[number];

/** CHAOS_LOG_LEVEL, 'info' unless set: acts and failures; 'debug' adds every look, some fifty lines a second of a run. */
export function logLevel(env: Readonly<Record<string, string | undefined>>): Level {
  const asked = env['CHAOS_LOG_LEVEL'] ?? 'info';
  const level = LEVELS.find((known) => known === asked);
  if (level !== undefined) return level;
  throw new ChaosError('CHAOS_WRONG_VALUE', {
    what: `CHAOS_LOG_LEVEL is "${asked}"`,
    hint: `It is one of ${LEVELS.join(', ')}.`,
    exit: 'bad-input',
  });
}

export interface LogOptions {
  /** The run's folder. */
  readonly dir: string;
  /** Which process writes: each has its own handle on the one file. */
  readonly by: 'run' | 'guardian' | 'heal';
  readonly level: Level;
  readonly redact: Redact;
}

/** logs/harness.ndjson of a run, a JSON object a line, every text redacted; written as things happen, so that a crash loses none. */
export function openLog({ dir, by, level, redact }: LogOptions): Log & Disposable {
  const file = pino.destination({ dest: join(dir, 'logs', 'harness.ndjson'), append: true, mkdir: true, sync: true });
  // Without a listener a full disk would end the run.
  file.on('error', () => undefined);
  const to = pino(
    {
      level,
      base: { by, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    file satisfies DestinationStream,
  );
  const log: Log = (at, message, fields = {}) => {
    try {
      if (to.isLevelEnabled(at)) to[at](redactDeep(fields, redact), redact(message));
    } catch {
      // As with the reports: a log that cannot be written costs the run nothing.
    }
  };
  return Object.assign(log, { [Symbol.dispose]: () => file.end() });
}

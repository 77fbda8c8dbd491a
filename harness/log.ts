import { join } from 'node:path';
import { type DestinationStream, pino } from 'pino';
import { ChaosError } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { type Redact, redactDeep } from './core/text/redact.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = (typeof LEVELS)[number];

/**
 * Returns CHAOS_LOG_LEVEL, or 'info' when it is not set. 'info' has acts and failures. 'debug' adds every reading,
 * about fifteen lines for each second of a run. Throws CHAOS_WRONG_VALUE for an unknown level.
 */
export function logLevel(env: Readonly<Record<string, string | undefined>>): Level {
  const asked = env['CHAOS_LOG_LEVEL'] ?? 'info';
  const level = LEVELS.find((known) => known === asked);
  if (level !== undefined) return level;
  throw new ChaosError('CHAOS_WRONG_VALUE', {
    what: `CHAOS_LOG_LEVEL is "${asked}"`,
    hint: `Set it to one of ${LEVELS.join(', ')}.`,
    exit: 'bad-input',
  });
}

export interface LogOptions {
  /** The run's folder. */
  readonly dir: string;
  /** Which process writes. Each process has its own handle on the same file. */
  readonly by: 'run' | 'guardian' | 'heal';
  readonly level: Level;
  readonly redact: Redact;
}

/**
 * Opens logs/harness.ndjson of a run: one JSON object a line, every text redacted. A line is written when a thing
 * happens, so that a crash loses none. When the file cannot be opened, nothing is logged, and the run or the healing
 * goes on.
 */
export function openLog(options: LogOptions): Log & Disposable {
  try {
    const dest = join(options.dir, 'logs', 'harness.ndjson');
    return logTo(pino.destination({ dest, append: true, mkdir: true, sync: true }), options);
  } catch {
    return Object.assign(() => undefined, { [Symbol.dispose]: () => undefined });
  }
}

function logTo(
  file: ReturnType<typeof pino.destination>,
  { by, level, redact }: Omit<LogOptions, 'dir'>,
): Log & Disposable {
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
      // A log that cannot be written does not harm the run. The same holds for the reports.
    }
  };
  return Object.assign(log, { [Symbol.dispose]: () => file.end() });
}

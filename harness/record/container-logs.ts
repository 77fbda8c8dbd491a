import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { Containers } from '../core/topology/control.ts';

/** The verdict waits at most this long for the logs, milliseconds. They take about one second. */
const KEEP_MS = 5_000;

export interface KeepLogs {
  readonly containers: Pick<Containers, 'logs'>;
  /** The run's folder. */
  readonly dir: string;
  /** The logs are read from this time on, epoch milliseconds. */
  readonly since: number;
  /** Milliseconds that the verdict waits for the logs at most. Default: 5,000. */
  readonly withinMs?: number;
  redact(text: string): string;
}

/** Writes logs/<container>.log. Resolves with the reason when a log is missing, otherwise undefined. Never throws. */
export async function keepLogs({
  containers,
  dir,
  since,
  withinMs = KEEP_MS,
  ...how
}: KeepLogs): Promise<string | undefined> {
  let over = false;
  try {
    mkdirSync(join(dir, 'logs'), { recursive: true });
    const reading = containers.logs(since, ({ container, text }) => {
      if (!over) writeFileSync(join(dir, 'logs', `${container}.log`), how.redact(text));
    });
    await withDeadline('reading the logs of the containers', withinMs, reading);
    return undefined;
  } catch (error) {
    return `some logs of containers are not kept: ${describeError(error)}`;
  } finally {
    // A log that comes later is not written: the folder is finished.
    over = true;
  }
}

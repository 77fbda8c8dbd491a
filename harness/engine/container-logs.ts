import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { TopologyControl } from '../core/topology-control.ts';

/** The verdict waits no longer for the logs than this, milliseconds. */
const KEEP_MS = 1_000;

export interface KeepLogs {
  readonly topology: Pick<TopologyControl, 'logs'>;
  /** The run's folder. */
  readonly dir: string;
  /** Epoch milliseconds. */
  readonly since: number;
  redact(text: string): string;
}

/** Writes logs/<container>.log; answers why not all of them are there, or undefined. Never throws. */
export async function keepLogs({ topology, dir, since, ...how }: KeepLogs): Promise<string | undefined> {
  let over = false;
  try {
    mkdirSync(join(dir, 'logs'), { recursive: true });
    const told = topology.logs(since, ({ container, text }) => {
      if (!over) writeFileSync(join(dir, 'logs', `${container}.log`), how.redact(text));
    });
    await withDeadline('reading the containers’ logs', KEEP_MS, told);
    return undefined;
  } catch (error) {
    return `not every container’s log is kept: ${describeError(error)}`;
  } finally {
    // What comes later would come into a folder that is finished.
    over = true;
  }
}

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const cores = availableParallelism();
const canPin = cores > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

export const CLIENT_CORE = 0;
export const SERVER_CORE = cores - 1;

/** Returns a command line that runs on one core only, where the machine can do that. */
export const pinned = (core: number, command: readonly string[]): string[] =>
  canPin ? ['taskset', '-c', String(core), ...command] : [...command];

/** Tells for a table's caption on which cores client and server run. */
export const coresText = canPin
  ? `client on core ${CLIENT_CORE}, server on core ${SERVER_CORE} of ${cores}`
  : `client and server share ${cores} core${cores === 1 ? '' : 's'}`;

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const cores = availableParallelism();
const canPin = cores > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

export const CLIENT_CORE = 0;
export const SERVER_CORE = cores - 1;

/** A command line that runs on one core only, where that can be had. */
export const pinned = (core: number, command: readonly string[]): string[] =>
  canPin ? ['taskset', '-c', String(core), ...command] : [...command];

/** How client and server are kept apart, for the table's caption. */
export const coresText = canPin
  ? `client on core ${CLIENT_CORE}, server on core ${SERVER_CORE} of ${cores}`
  : `client and server share ${cores} core${cores === 1 ? '' : 's'}`;

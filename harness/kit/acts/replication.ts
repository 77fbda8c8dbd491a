import type { Command } from '../../core/topology/command.ts';
import type { CommandObserver, Observation } from '../../core/record/observation.ts';

/**
 * Ids of observers. The primary knows both byte positions in the write-ahead log: what it has written, and what a
 * standby has replayed.
 */
export const WRITTEN = 'write-ahead log written by the primary';
export const REPLAYED = 'write-ahead log replayed by the standby';

/** Asked on the primary. A standby reports to the primary once a second, and after each of its own writes. */
export const REPLICATION: readonly CommandObserver[] = [
  { id: WRITTEN, command: { sql: `select pg_current_wal_lsn() - '0/0'` }, everyMs: 500 },
  { id: REPLAYED, command: { sql: `select min(replay_lsn) - '0/0' from pg_stat_replication` }, everyMs: 500 },
];

/**
 * Returns how far the standby is behind, milliseconds: the time since the last reading at which the primary had written
 * no more than the standby has replayed now. Returns undefined when there is no reading that old.
 */
export function lagBehind(written: readonly Observation[], replayed: Observation): number | undefined {
  const position = replayed.value;
  if (position === undefined) return undefined;
  const known = written.filter((o) => o.ok && o.value !== undefined && o.t <= replayed.t);
  const upTo = known.findLast((o) => (o.value ?? 0) <= position);
  return upTo === undefined ? undefined : replayed.t - upTo.t;
}

const RELOAD = 'psql -XqAt -c "select pg_reload_conf()"';

/** Adds a line with the fault's mark to a configuration file of a server, which then reads its configuration again. */
export const configure = (container: string, file: string, id: string, line: string): Command => ({
  in: container,
  user: 'postgres',
  run: ['sh', '-c', `echo '${line} # chaos:${id}' >>${file} && ${RELOAD}`],
});

/**
 * Deletes the lines with the fault's mark. Harmless when there are none. A server that is down reads the file when it
 * starts.
 */
export const unconfigure = (container: string, file: string, id: string): Command => ({
  in: container,
  user: 'postgres',
  run: ['sh', '-c', `sed -i '/# chaos:${id}$/d' ${file}; ${RELOAD} || ! pg_isready -q`],
});

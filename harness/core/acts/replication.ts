import type { Command } from '../command.ts';
import type { CommandObserver, Observation } from '../observation.ts';

/** Byte positions in the write-ahead log, as the primary knows them: what it has written, and what a standby has replayed. */
export const WRITTEN = 'write-ahead log written by the primary';
export const REPLAYED = 'write-ahead log replayed by the standby';

/** Asked on the primary: a standby tells it once a second, and when it has written something. */
export const REPLICATION: readonly CommandObserver[] = [
  { id: WRITTEN, command: { sql: `select pg_current_wal_lsn() - '0/0'` }, everyMs: 500 },
  { id: REPLAYED, command: { sql: `select min(replay_lsn) - '0/0' from pg_stat_replication` }, everyMs: 500 },
];

/** Milliseconds since the primary had written no more than this position; undefined when that was before the first look. */
export function lagBehind(written: readonly Observation[], replayed: Observation): number | undefined {
  const position = replayed.value;
  if (position === undefined) return undefined;
  const known = written.filter((o) => o.ok && o.value !== undefined && o.t <= replayed.t);
  const upTo = known.findLast((o) => (o.value ?? 0) <= position);
  return upTo === undefined ? undefined : replayed.t - upTo.t;
}

const RELOAD = 'psql -XqAt -c "select pg_reload_conf()"';

/** Adds a line, with the fault's mark, to a file of a server's configuration. */
export const configure = (container: string, file: string, id: string, line: string): Command => ({
  in: container,
  user: 'postgres',
  run: ['sh', '-c', `echo '${line} # chaos:${id}' >>${file} && ${RELOAD}`],
});

/** Takes out what carries the mark; harmless where nothing does. A server that is down reads it when it starts. */
export const unconfigure = (container: string, file: string, id: string): Command => ({
  in: container,
  user: 'postgres',
  run: ['sh', '-c', `sed -i '/# chaos:${id}$/d' ${file}; ${RELOAD} || ! pg_isready -q`],
});

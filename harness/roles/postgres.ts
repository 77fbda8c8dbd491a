import { type ReportedRole, type RoleSource, unreachable, unreadable } from '../core/kinds/role-source.ts';
import type { Command } from '../core/topology/command.ts';

/** A standby tells the timeline that it receives from the primary. It has none while it receives from nobody. */
const SQL = `
select case when pg_is_in_recovery() then 'standby' else 'primary' end,
       case when pg_is_in_recovery() then (select received_tli from pg_stat_wal_receiver)
            else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end`;

/** The superuser is "postgres", or has the name that POSTGRES_USER gives to the official image. */
const PSQL = `PGCONNECT_TIMEOUT=2 timeout 3 psql -XqAt -U "\${POSTGRES_USER:-postgres}" -d postgres -c "$1"`;

const command = (container: string) =>
  ({ in: container, user: 'postgres', run: ['sh', '-c', PSQL, 'role', SQL] }) satisfies Command;

function read(printed: string | undefined): ReportedRole {
  if (printed === undefined) return unreachable;
  const [, role, timeline = ''] = /^(primary(?=\|\d)|standby)\|(\d*)$/.exec(printed.trim()) ?? [];
  if (role === undefined) return unreadable;
  if (timeline === '') return { role: 'standby', state: 'running without a primary', timeline: null };
  return { role: role === 'primary' ? 'primary' : 'standby', state: 'running', timeline: Number(timeline) };
}

const postgres = {
  name: 'postgres',
  summary: 'PostgreSQL itself: pg_is_in_recovery(), asked with psql in the container of each member.',
  // A command in a container costs about 50 ms of processor time.
  everyMs: 1_000,
  command,
  read,
} satisfies RoleSource;
export default postgres;

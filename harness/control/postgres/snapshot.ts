import { withDeadline } from '../../core/deadline.ts';
import type { Command } from '../../core/topology/command.ts';
import type { JobsSpec, TopologySpec } from '../../core/topology/spec.ts';
import { SILENT, type Snapshot, STATE, type Values } from '../../core/topology/snapshot/snapshot.ts';
import { psql } from '../../kit/acts/sessions.ts';
import type { Seen } from '../adapter.ts';
import type { ListedContainer } from '../docker/docker.ts';
import type { PostgresControl } from './postgres.ts';

/**
 * Milliseconds after which a silent database is SILENT. The health of the topology reports it
 * too.
 */
const SILENT_MS = 2_000;
/** This setting may hold a password, and no fault changes it. */
const SECRET = 'primary_conninfo';

/**
 * What one node knows of itself. A setting is left out while it has its default: with another value it appears. The
 * settings of the session that asks are left out too.
 */
const OF_A_NODE = `select json_object_agg(property, value) from (
  select 'setting ' || name as property, setting as value from pg_settings
    where source not in ('default', 'client', 'session') and name <> '${SECRET}'
  union all select 'role', case when pg_is_in_recovery() then 'standby' else 'primary' end
  union all select 'timeline', timeline_id::text from pg_control_checkpoint()
  union all select 'log position',
    (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end)::text
  union all select 'replay', case when pg_is_in_recovery() and pg_is_wal_replay_paused() then 'paused' else 'not paused' end
  union all select 'sessions of faults', count(*)::text from pg_stat_activity where application_name like 'chaos:%'
) as known`;

/** What the primary knows of its tables: row level security, which hides rows or makes every statement slow. */
const OF_TABLES = `select c.oid::regclass::text as name,
    concat_ws(', ', case when relrowsecurity then 'enabled' end, case when relforcerowsecurity then 'forced' end,
      (select 'policies ' || string_agg(polname, ' ' order by polname) from pg_policy where polrelid = c.oid)) as value
  from pg_class c
  where relrowsecurity or relforcerowsecurity or exists (select from pg_policy where polrelid = c.oid)`;

/**
 * Returns the running containers that are nodes of the database: members of a group, and those that only follow it.
 * Paused containers are left out.
 */
export const nodesOf = ({ services }: TopologySpec, { containers, states }: Seen): readonly ListedContainer[] =>
  containers.filter((c, i) => {
    const [service, state] = [services[c.service], states[i]];
    const isNode = (service?.group ?? service?.follows) !== undefined && service?.protocol === 'postgres';
    return isNode && state?.running === true && !state.paused;
  });

/**
 * Returns what a node knows of itself, and its service: while a controller scales the service, its nodes come and go. It is
 * asked in its container, because the router leads to the primary only.
 */
export async function nodeValues(
  { name, service }: ListedContainer,
  ask: (command: Command) => Promise<string>,
): Promise<Snapshot> {
  const place = `PostgreSQL in ${name}`;
  try {
    const asked = ask(psql(name, 'postgres', OF_A_NODE));
    const printed = await withDeadline(`the settings of ${name}`, SILENT_MS, asked);
    return { [place]: { [STATE]: 'answers', service, ...(JSON.parse(printed) as Values) } };
  } catch {
    return { [place]: { [STATE]: SILENT, service } };
  }
}

/** Returns what a fault can change in the data of the primary. */
export async function dataValues(
  control: Pick<PostgresControl, 'query'>,
  jobs: JobsSpec | undefined,
): Promise<Snapshot> {
  try {
    const tables = await control.query(OF_TABLES, [], SILENT_MS);
    const owed = jobs === undefined ? [] : await control.query(jobs.left, [], SILENT_MS);
    const values: [string, string][] = [
      ...tables.map(({ name, value }): [string, string] => [`row level security of ${String(name)}`, String(value)]),
      ...owed.map((row): [string, string] => [`jobs of ${String(Object.values(row)[0])}`, 'owed']),
    ];
    return { 'the data': { [STATE]: 'answers', ...Object.fromEntries(values) } };
  } catch {
    return { 'the data': { [STATE]: SILENT } };
  }
}

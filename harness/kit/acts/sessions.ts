import { z } from 'zod';
import { lackError } from '../../core/topology/capability.ts';
import type { Command } from '../../core/topology/command.ts';
import type { FaultContext } from '../../core/kinds/fault.ts';
import { marked } from './marked.ts';
import type { ContainerRef } from '../../core/topology/state.ts';
import type { Role, TopologySpec } from '../../core/topology/spec.ts';

/** The user that runs the servers and their tools in the containers of a database. */
const SUPERUSER = 'postgres';
/** In pg_stat_activity the names of the sessions of faults begin with this. */
const OURS = 'chaos';
/** A session that nobody ended is over after this many seconds. */
const LONGEST_S = 3_600;

/** Counts the statements that wait for a lock. The sessions of faults do not count. */
export const WAITING_FOR_LOCKS = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and application_name not like '${OURS}%'`;

/** The group of services that is the database. A fault finds the primary or the standby when it begins. */
export const database = z
  .string()
  .default('postgres')
  .meta({ description: 'The group of services that is the database', examples: ['postgres'] });

/** The name of a table, with or without its schema. Only names that need no quotes are accepted. */
export const table = z
  .string()
  .regex(/^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$/, {
    error: 'write the name of a table in lower case, with or without its schema: weddings, public.weddings',
  })
  .meta({ description: 'A table of the application', examples: ['weddings'] });

/**
 * The name of the application's database, and the name of the role with which the application uses it. Throws
 * CHAOS_LACKS when the topology has no database.
 */
export function databaseOf(spec: TopologySpec): { readonly name: string; readonly user: string } {
  if (spec.database === undefined) throw lackError('the database of the application', 'sql');
  const { pathname, username } = new URL(spec.database);
  return { name: pathname.slice(1), user: username };
}

/** Runs SQL as the superuser on one node of the database, whatever its role. Prints bare values. */
export const psql = (container: string, name: string, sql: string): Command => ({
  in: container,
  user: SUPERUSER,
  run: ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', name, '-c', sql],
});

/** Opens sessions in a process that lives on after the command. When one session ends, the process ends them all. */
const HOLDER = `
import os, select, signal, sys
import psycopg2

name, count, eager, database, user, sql = sys.argv[1:]
report, reporter = os.pipe()
if os.fork():
    os.close(reporter)
    text = os.read(report, 4096).decode()
    print(text)
    sys.exit(0 if text.startswith('holds ') else 1)
os.setsid()
for fd in (0, 1, 2):
    os.dup2(os.open(os.devnull, os.O_RDWR), fd)
signal.alarm(${LONGEST_S})

def say(text):
    global reporter
    if reporter is not None:
        os.write(reporter, text.encode())
        os.close(reporter)
        reporter = None

sessions = []
while True:
    wait = None
    if len(sessions) < int(count):
        wait = 0
        try:
            session = psycopg2.connect(dbname=database, user=user, host='/var/run/postgresql', application_name=name)
            sessions.append(session)
            if sql:
                session.cursor().execute(sql)
        except psycopg2.Error as error:
            # No slot is left. Perhaps one becomes free.
            if eager != 'eager' or not ('too many' in str(error) or 'slots are reserved' in str(error)):
                say(str(error))
                sys.exit(1)
            wait = 0.25
    if wait != 0 or len(sessions) == int(count):
        say('holds %d' % len(sessions))
    if select.select(sessions, [], [], wait)[0]:
        sys.exit(0)
`;

interface Sessions {
  readonly count: number;
  /** When no slot is free, tries again until `count` sessions are open. */
  readonly eager?: boolean;
  /** What each session runs in its one transaction, which then stays open. Without it the sessions are idle. */
  readonly sql?: string;
}

/** Opens sessions of the application's own role on one node and holds them. Prints "holds 12". */
function holdSessions(spec: TopologySpec, container: string, id: string, sessions: Sessions): Command {
  const { name, user } = databaseOf(spec);
  const { count, eager = false, sql = '' } = sessions;
  const words = [`${OURS}:${id}`, String(count), eager ? 'eager' : 'content', name, user, sql];
  return { in: container, user: SUPERUSER, run: marked(id, ['python3', '-c', HOLDER, ...words]) };
}

/** Ends the sessions of a fault. A server that does not run has none. */
function endSessions(container: string, id: string): Command {
  const sql = `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '${OURS}:${id}'`;
  return { in: container, user: SUPERUSER, run: ['sh', '-c', `psql -XqAt -c "${sql}" || ! pg_isready -q`] };
}

type Acting = Pick<FaultContext, 'id' | 'topology' | 'random' | 'undo'> & {
  readonly params: { readonly service: string };
};

/** Returns the container of the node that has this role now. Throws as `resolve` does when there is none. */
export async function nodeOf({ params, topology, random }: Acting, role: Role): Promise<ContainerRef> {
  const [node] = await topology.containers.resolve({ service: params.service, role }, random);
  // `resolve` throws when nothing matches.
  return node as ContainerRef;
}

/** Holds sessions on the primary until the undo ends them. Returns the name of the container that was hit. */
export async function holdOnPrimary(ctx: Acting, sessions: Sessions): Promise<readonly string[]> {
  const { id, topology, undo } = ctx;
  const { name } = await nodeOf(ctx, 'primary');
  await undo({ do: 'command', command: endSessions(name, id) });
  await topology.act(holdSessions(topology.spec, name, id, sessions));
  return [name];
}

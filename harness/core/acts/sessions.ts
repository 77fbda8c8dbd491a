import { z } from 'zod';
import type { Command } from '../command.ts';
import type { FaultContext } from '../fault.ts';
import { marked } from './marked.ts';
import type { ContainerRef, Role, TopologySpec } from '../topology.ts';

/** Who runs the servers and their tools in the containers of a database. */
const SUPERUSER = 'postgres';
/** Names under which the sessions of faults are seen in pg_stat_activity begin so. */
const OURS = 'chaos';
/** Sessions that nobody ended are over after so many seconds. */
const LONGEST_S = 3_600;

/** Statements that wait for a lock, of everybody but us. */
export const WAITING_FOR_LOCKS = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and application_name not like '${OURS}%'`;

/** The group of services that is the database: a fault finds its primary or its standby at the time. */
export const database = z
  .string()
  .default('postgres')
  .meta({ description: 'The group of services that is the database', examples: ['postgres'] });

/** A table by its name, perhaps with its schema: what needs no quotes. */
export const table = z
  .string()
  .regex(/^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$/, {
    error: 'write the name of a table in lower case, perhaps with its schema: weddings, public.weddings',
  })
  .meta({ description: 'A table of the application', examples: ['weddings'] });

/** The application's database and its own role in it. */
export function databaseOf(spec: TopologySpec): { readonly name: string; readonly user: string } {
  const { pathname, username } = new URL(spec.database);
  return { name: pathname.slice(1), user: username };
}

/** SQL as the superuser on one node of the database, whatever its role; prints values bare. */
export const psql = (container: string, name: string, sql: string): Command => ({
  in: container,
  user: SUPERUSER,
  run: ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', name, '-c', sql],
});

/** Opens sessions in a process that lives on when the command is over; the end of one is the end of all. */
const HOLDER = `
import os, select, signal, sys
import psycopg2

name, wanted, eager, database, user, sql = sys.argv[1:]
told, tell = os.pipe()
if os.fork():
    os.close(tell)
    said = os.read(told, 4096).decode()
    print(said)
    sys.exit(0 if said.startswith('holds ') else 1)
os.setsid()
for fd in (0, 1, 2):
    os.dup2(os.open(os.devnull, os.O_RDWR), fd)
signal.alarm(${LONGEST_S})

def say(text):
    global tell
    if tell is not None:
        os.write(tell, text.encode())
        os.close(tell)
        tell = None

sessions = []
while True:
    wait = None
    if len(sessions) < int(wanted):
        wait = 0
        try:
            session = psycopg2.connect(dbname=database, user=user, host='/var/run/postgresql', application_name=name)
            sessions.append(session)
            if sql:
                session.cursor().execute(sql)
        except psycopg2.Error as error:
            # No slot is left: perhaps somebody frees one.
            if eager != 'eager' or not ('too many' in str(error) or 'slots are reserved' in str(error)):
                say(str(error))
                sys.exit(1)
            wait = 0.25
    if wait != 0 or len(sessions) == int(wanted):
        say('holds %d' % len(sessions))
    if select.select(sessions, [], [], wait)[0]:
        sys.exit(0)
`;

interface Sessions {
  readonly count: number;
  /** Takes what others let go of until it has as many as it was told to. */
  readonly eager?: boolean;
  /** What each does in its one transaction, which then stays open; without it they are idle. */
  readonly sql?: string;
}

/** Opens sessions of the application's own role on one node and holds them; prints "holds 12". */
function holdSessions(spec: TopologySpec, container: string, id: string, sessions: Sessions): Command {
  const { name, user } = databaseOf(spec);
  const { count, eager = false, sql = '' } = sessions;
  const words = [`${OURS}:${id}`, String(count), eager ? 'eager' : 'content', name, user, sql];
  return { in: container, user: SUPERUSER, run: marked(id, ['python3', '-c', HOLDER, ...words]) };
}

/** Ends them. Where no server is there to be asked, it has none. */
function endSessions(container: string, id: string): Command {
  const sql = `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '${OURS}:${id}'`;
  return { in: container, user: SUPERUSER, run: ['sh', '-c', `psql -XqAt -c "${sql}" || ! pg_isready -q`] };
}

type Acting = Pick<FaultContext<{ readonly service: string }>, 'id' | 'params' | 'topology' | 'random' | 'undo'>;

/** The container of the node that has this role now. */
export async function nodeOf({ params, topology, random }: Acting, role: Role): Promise<ContainerRef> {
  const [node] = await topology.resolve({ service: params.service, role }, random);
  // `resolve` has thrown where nothing matches.
  return node as ContainerRef;
}

/** Holds sessions on the primary until they are ended; answers what was hit. */
export async function holdOnPrimary(ctx: Acting, sessions: Sessions): Promise<readonly string[]> {
  const { id, topology, undo } = ctx;
  const { name } = await nodeOf(ctx, 'primary');
  await undo({ do: 'command', command: endSessions(name, id) });
  await topology.act(holdSessions(topology.spec, name, id, sessions));
  return [name];
}

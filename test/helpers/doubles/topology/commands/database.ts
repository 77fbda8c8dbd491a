import { candidates } from '../../../../../harness/core/topology/aim.ts';
import { noTarget, running, type Scene } from '../scene.ts';
import { DATA_DIRECTORY } from '../sound.ts';
import type { World } from '../world.ts';
import { volumeOf } from './disks.ts';
import { type Known, UnknownCommand } from './known.ts';
import { begin, endMarked } from './processes.ts';

/** A statement on the primary, and what it does. `args`: the groups of the pattern. */
type Statement = readonly [RegExp, (scene: Scene, ...args: string[]) => string | void];

function tableOf({ world }: Scene, name: string): World['tables'][string] {
  const found = world.tables[name];
  if (found === undefined) throw new Error(`relation "${name}" does not exist`);
  return found;
}

const STATEMENTS: readonly Statement[] = [
  [/^select current_setting\('max_connections'\)$/, () => '100'],
  [/^perform set_config\('lock_timeout', '\d+', true\)$/, () => undefined],
  [
    /^create policy (\S+) on (\S+)( as restrictive)? using \((.*)\)$/,
    (scene, policy, table, kind = '', using) => {
      const { policies } = tableOf(scene, table);
      if (policies[policy] !== undefined) throw new Error(`policy "${policy}" already exists`);
      policies[policy] = `${using}${kind}`;
    },
  ],
  [
    // The row level security of a table without the delay, which turns it on where it was off.
    /^select \(relrowsecurity and not slowed\) .* polname = '(\S+)' and polpermissive\) .* = '(\S+)'::regclass$/,
    (scene, policy, table) => {
      const { policies, rowSecurity, forced } = tableOf(scene, table);
      const slowed = policies[policy] !== undefined && !policies[policy].endsWith(' as restrictive');
      return `${rowSecurity && !slowed} ${forced && !slowed}`;
    },
  ],
  [
    /^drop policy if exists (\S+) on (\S+)$/,
    (scene, policy, table) => void delete tableOf(scene, table).policies[policy],
  ],
  [
    /^alter table (\S+) (enable|disable) row level security$/,
    (scene, table, how) => void (tableOf(scene, table).rowSecurity = how === 'enable'),
  ],
  [
    /^alter table (\S+) (force|no force) row level security$/,
    (scene, table, how) => void (tableOf(scene, table).forced = how === 'force'),
  ],
  [
    /^insert into outbox \(job, idempotency_key\) select 'thumbnail', '(\S+)' \|\| n from generate_series\(1, (\d+)\) n$/,
    ({ world }, key, jobs) =>
      void world.outbox.push(...Array.from({ length: Number(jobs) }, (_, i) => `${key}${i + 1}`)),
  ],
  [
    /^delete from outbox where starts_with\(idempotency_key, '(\S+)'\)$/,
    ({ world }, key) => void (world.outbox = world.outbox.filter((job) => !job.startsWith(key))),
  ],
];

/** Carries out SQL on the primary. Returns the first value of its last row. A block is undone when a statement fails. */
export function onPrimary(scene: Scene, sql: string): string {
  const { primary, world } = scene;
  if (world.containers[primary]?.state !== 'running') throw noTarget('no node accepts writes');
  const statements = (/^do \$\$ begin (.*); end \$\$$/.exec(sql)?.[1] ?? sql).split('; ');
  const before = structuredClone({ tables: world.tables, outbox: world.outbox });
  try {
    return statements.map((statement) => carriedOut(scene, statement)).at(-1) ?? '';
  } catch (error) {
    Object.assign(world, before);
    throw error;
  }
}

function carriedOut(scene: Scene, statement: string): string | void {
  for (const [pattern, does] of STATEMENTS) {
    const found = pattern.exec(statement);
    if (found !== null) return does(scene, ...found.slice(1));
  }
  throw new UnknownCommand(statement);
}

/** Returns the container of the node that is not the primary. */
function standbyOf({ spec, world, primary }: Scene): string {
  const group = spec.services[world.containers[primary]?.service ?? '']?.group ?? '';
  const found = candidates(spec, { service: group }).find((name) => name !== primary);
  if (found === undefined) throw noTarget('the database has no standby');
  return found;
}

function promote(scene: Scene, name: string): string {
  scene.primary = name;
  scene.past.push(`${name} was promoted`);
  return 'Successfully';
}

/** What is done to the database from within the containers of its nodes. */
export const DATABASE: readonly Known[] = [
  {
    is: /^psql .* -c show data_directory$/,
    does: () => (scene, container) => (running(scene, container), DATA_DIRECTORY),
  },
  {
    is: /^echo '(.*)' >>(\S+) && psql -XqAt -c "select pg_reload_conf\(\)"$/,
    does:
      (line = '', file = '') =>
      (scene, container) =>
        void volumeOf(scene, container).files[file]?.push(line),
  },
  {
    is: /^sed -i '\/(# chaos:\S+)\$\/d' (\S+); psql -XqAt -c "select pg_reload_conf\(\)" \|\| ! pg_isready -q$/,
    does:
      (mark = '', file = '') =>
      (scene, container) => {
        const { files } = volumeOf(scene, container);
        files[file] = (files[file] ?? []).filter((line) => !line.endsWith(mark));
      },
  },
  {
    is: /^env CHAOS_FAULT=(\S+) python3 -c [^]* (\S+) (\d+) (?:eager|content) wedsync wedsync ([^]*)$/,
    does:
      (mark = '', name = '', count = '', sql = '') =>
      (scene, container, user) => {
        begin(scene, container, { command: 'python3', user, mark });
        running(scene, container).inside.sessions[name] = `${count} times: ${sql}`;
        return `holds ${count}`;
      },
  },
  {
    // The process that holds the sessions ends with them.
    is: /^psql -XqAt -c "select count\(pg_terminate_backend\(pid\)\) from pg_stat_activity where application_name = '(chaos:(\S+))'" \|\| ! pg_isready -q$/,
    does:
      (name = '', mark = '') =>
      (scene, container, user) => {
        delete running(scene, container).inside.sessions[name];
        endMarked(scene, container, mark, user);
      },
  },
  {
    is: /^text=\$\(patronictl -c \S+ (failover|switchover) .* --force 2>&1\); .*$/,
    does: (request) => (scene, container) => {
      running(scene, container);
      return promote(scene, request === 'failover' ? container : standbyOf(scene));
    },
  },
  {
    // Withdraws a request that waits. Here every request is carried out at once.
    is: /^patronictl -c \S+ flush .* switchover --force \|\| true$/,
    does: () => (scene, container) => void running(scene, container),
  },
];

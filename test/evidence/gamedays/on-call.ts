import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReadRunbook } from '../../../harness/plan/index.ts';
import { meetsExpectation, type Part, type RunbookCommand } from '../../../harness/core/runbook/runbook.ts';
import { ROOT, TEST_ENV } from '../../helpers/chaos.ts';
import { containersOf, docker } from '../../helpers/docker.ts';

/** A person asks again so often, milliseconds. */
const AGAIN_MS = 500;

/** Returns the container in which a person types a command: of a role, the node that says it has the role. */
function containerFor({ where, name }: RunbookCommand): string {
  if (where === 'host') throw new TypeError(`${name} belongs to the host`);
  const { service, role } = where.target;
  const all =
    role === undefined ? containersOf(service) : containersOf('postgres-a').concat(containersOf('postgres-b'));
  const has = (one: string): boolean =>
    role === undefined ||
    (docker('exec', '-u', 'postgres', one, 'psql', '-Atc', 'select pg_is_in_recovery()') === 'f') ===
      (role === 'primary');
  const found = all.find(has);
  if (found === undefined) throw new Error(`${name}: no container of ${service} is ${role ?? 'there'}`);
  return found;
}

/** Types a command of a runbook with the plain Docker client, as a person does. Returns whether it shows what it should. */
function typed(command: RunbookCommand): boolean {
  const { where, run, user, expect } = command;
  const env = { ...process.env, ...TEST_ENV, COMPOSE_FILE: 'docker-compose.chaos.yml' };
  try {
    const said =
      where === 'host'
        ? execFileSync('sh', ['-c', run], { cwd: ROOT, env, encoding: 'utf8' })
        : docker('exec', '-u', user ?? 'root', containerFor(command), 'sh', '-c', run);
    return meetsExpectation(said, expect);
  } catch {
    return false;
  }
}

/** Carries out one part of a runbook. Returns the names of the commands that did not show what they should. */
export const carriedOut = ({ commands }: ReadRunbook, part: Part): readonly string[] =>
  commands.filter((one) => one.part === part && !typed(one)).map(({ name }) => name);

/** Asks the commands of a part again and again until each shows what it should, for so long at most, milliseconds. */
export async function saysYes(runbook: ReadRunbook, part: Part, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(AGAIN_MS))
    if (carriedOut(runbook, part).length === 0) return true;
  return false;
}

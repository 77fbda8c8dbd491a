import postgres from '../../harness/roles/postgres.ts';
import { chaos } from '../helpers/chaos.ts';
import { containersOf, docker } from '../helpers/docker.ts';
import { flagshipTable, type Run, runExperiments } from './experiments.ts';

const MEMBERS = ['postgres-a', 'postgres-b'];

/** A run with readers, and what each reader was after it, in words. */
interface WithReaders {
  readonly run: Run;
  readonly readers: readonly string[];
}

/** Asks PostgreSQL in a container for its role and timeline. */
function roleIn(container: string): ReturnType<typeof postgres.read> {
  const { user, run } = postgres.command(container) as { readonly user: string; readonly run: readonly string[] };
  try {
    return postgres.read(docker('exec', '-u', user, container, ...run));
  } catch {
    return postgres.read(undefined);
  }
}

/** Says of each reader whether it follows the primary that there is now. */
function readersNow(): readonly string[] {
  const leads = MEMBERS.flatMap(containersOf)
    .map(roleIn)
    .find(({ role }) => role === 'primary');
  return containersOf('reader').map((name) => {
    const { role, timeline } = roleIn(name);
    if (role !== 'standby') return `${name}: ${role.toUpperCase()}`;
    const follows = leads !== undefined && timeline === leads.timeline;
    return follows ? `follows on timeline ${timeline}` : `${name}: ON ANOTHER TIMELINE (${timeline ?? 'none'})`;
  });
}

/** Runs an experiment again and again on a topology with this number of standbys, which is made anew for it. */
export async function runWithStandbys(standbys: string, experiment: string, times: number): Promise<string> {
  const env = { CHAOS_STANDBYS: standbys };
  await chaos(['topology', 'down']);
  const up = await chaos(['topology', 'up'], env);
  if (up.code !== 0) throw new Error(up.stderr);
  const done: WithReaders[] = [];
  for (let i = 0; i < times; i += 1) {
    const [run] = (await runExperiments([experiment], () => 1, env)).get(experiment) ?? [];
    if (run !== undefined) done.push({ run, readers: readersNow() });
  }
  return flagshipTable(
    done.map(({ run }) => run),
    {
      title: `${experiment} with ${standbys} standbys, ${done.length} runs`,
      column: 'readers after the run',
      cells: done.map(({ readers }) => readers.join('; ')),
    },
  );
}

import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { clock, knownPlacesOfTopology, placesOfTopology } from '../main.ts';
import { isEnded } from '../session/order-end.ts';
import { heldBy, type LockHolder, nameOf, type TopologyLock } from '../session/topology-lock.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { topologyOfFiles } from './common/topology-files.ts';
import { verdictOf } from '../record/folders.ts';

/**
 * Milliseconds. Within this time a run heals, waits for health and writes its reports. When a run hangs, its guardian
 * heals within the same time.
 */
const ENDS_MS = 150_000;

const LEFT = 'left behind by a dead run: `chaos heal`';

interface Flags {
  readonly project?: string;
  readonly file: readonly string[];
  readonly hold: boolean;
  readonly wait: boolean;
  readonly json: boolean;
}

interface AbortDocument {
  readonly schema_version: 1;
  /** False when something could not be put back, or when a dead run left something behind. */
  readonly restored: boolean;
  readonly runs: readonly { readonly run: string; readonly state: string }[];
  /** The file of the kill switch when the switch stays on, else null. */
  readonly stop_file: string | null;
}

export const abortCommand: AddCommand = (program, world, exit) => {
  program
    .command('abort')
    .description('end the run at work from another terminal: its faults are healed, and its verdict is ABORTED')
    .option('--project <name>', 'the project name of the topology (default: from docker-compose.chaos.yml)')
    .option('-f, --file <compose file>', 'compose file of the topology (repeatable)', append, [])
    .option('--hold', 'leave the kill switch on: no run begins until its file is removed', false)
    .option('--wait', 'wait until the run has ended (default)', true)
    .option('--no-wait', 'do not wait until the run has ended')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos abort', 'chaos abort --hold'))
    .action(async (flags: Flags) => {
      const document = await abort(flags, world);
      if (flags.json) print(world, document);
      else world.out.write(`${say(document)}\n`);
      exit(document.restored ? EXIT_CODE.pass : EXIT_CODE['not-restored']);
    });
};

function say({ runs, stop_file: file }: AbortDocument): string {
  const states = runs.length === 0 ? 'no run is at work' : runs.map(({ run, state }) => `${run}: ${state}`).join('\n');
  return file === null ? states : `${states}\nno run begins until the kill switch is off: rm ${file}`;
}

async function abort({ project, file, hold, wait }: Flags, world: World): Promise<AbortDocument> {
  const name = project ?? topologyOfFiles(file, world).project;
  const places = hold ? await placesOfTopology(name, world.env) : knownPlacesOfTopology(name, world.env);
  // An engine that has never answered this user has no run of this user.
  if (places === undefined) return { schema_version: 1, stop_file: null, restored: true, runs: [] };
  const { lock, stop, notes } = places;
  const state = lock.read();
  const stays = hold || stop.held;
  const since = new Date().toISOString();
  if (hold) stop.write({ since });
  const common = { schema_version: 1, stop_file: stays ? stop.path : null } as const;
  // A run and its guardian that are both dead cannot be ended.
  const left = notes.all().map(({ run }) => ({ run, state: LEFT }));
  if (state.state === 'free' || state.state === 'left') return { ...common, restored: left.length === 0, runs: left };
  const { holder } = state;
  if (holder.doing !== 'session') throw heldBy(state);
  // A game day holds its topology while people talk.
  if (holder.idle === true && state.state === 'running') return { ...common, restored: left.length === 0, runs: left };
  const { run = 'a session', dir } = holder;
  if (!stays && state.state === 'running') stop.write({ run: holder.run, since });
  if (!wait) return { ...common, restored: true, runs: [{ run, state: 'aborting' }] };
  world.err.write(`waiting until ${nameOf(holder)} has put everything back ...\n`);
  await ended(lock, holder);
  if (!stays) stop.remove();
  const verdict = dir === undefined ? 'ended' : verdictOf(dir);
  // The run and its guardian may both have died meanwhile.
  if (verdict !== 'NOT RESTORED' && notes.all().some((one) => one.run === run))
    return { ...common, restored: false, runs: [{ run, state: LEFT }] };
  return { ...common, restored: verdict !== 'NOT RESTORED', runs: [{ run, state: verdict.toLowerCase() }] };
}

/** Resolves when the run no longer holds the topology. Throws CHAOS_NOT_ENDED when it still does after ENDS_MS. */
async function ended(lock: TopologyLock, { doing, run, runner }: LockHolder): Promise<void> {
  if (await isEnded(lock, { run }, ENDS_MS, clock)) return;
  throw new ChaosError('CHAOS_NOT_ENDED', {
    what: `${nameOf({ doing, run })} was ordered to end, and has not ended`,
    hint: `End its process: kill -9 ${runner.pid}. Its guardian heals then. After that, run \`chaos heal\`.`,
    exit: 'not-restored',
  });
}

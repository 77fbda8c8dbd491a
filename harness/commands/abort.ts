import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import type { Lock, LockHolder } from '../engine/lock.ts';
import { lockOf, stopFileOf } from '../main.ts';
import { readTopology } from '../plan/index.ts';
import { type AddCommand, append, examples } from './command.ts';
import { print } from './output.ts';
import { verdictOf } from './runs.ts';

/** Healing, the wait for health and the reports of the run take so long at most; a run that hangs is healed by its guardian. */
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
  /** False only where something could not be put back. */
  readonly restored: boolean;
  readonly runs: readonly { readonly run: string; readonly state: string }[];
  /** The kill switch that stays on; null where it does not. */
  readonly stop_file: string | null;
}

export const abortCommand: AddCommand = (program, world, exit) => {
  program
    .command('abort')
    .description(
      'end the run that is at work, from another terminal: its faults are taken back, its verdict is ABORTED',
    )
    .option('--project <name>', 'of this topology (default: the one of docker-compose.chaos.yml)')
    .option('-f, --file <compose file>', 'the topology, by its files (repeatable)', append, [])
    .option('--hold', 'leave the kill switch on: no run begins until its file is removed', false)
    .option('--wait', 'until the run has ended (default)', true)
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
  const told = runs.length === 0 ? 'no run is at work' : runs.map(({ run, state }) => `${run}: ${state}`).join('\n');
  return file === null ? told : `${told}\nno run begins until the kill switch is off: rm ${file}`;
}

async function abort({ project, file, hold, wait }: Flags, world: World): Promise<AbortDocument> {
  const files = file.length === 0 ? [join(world.root, 'docker-compose.chaos.yml')] : file;
  const name = project ?? readTopology(files, world.env).project;
  const lock = lockOf(world.root, name);
  const stop = stopFileOf(world.root, name);
  const state = lock.read();
  const stays = hold || stop.held;
  const since = new Date().toISOString();
  if (hold) stop.write({ since });
  const told = { schema_version: 1, stop_file: stays ? stop.path : null } as const;
  if (state.state === 'free') return { ...told, restored: true, runs: [] };
  const { holder } = state;
  // Both are dead: nobody is left to be ended.
  if (state.state === 'left') return { ...told, restored: false, runs: [{ run: holder.run, state: LEFT }] };
  if (!stays && state.state === 'running') stop.write({ run: holder.run, since });
  if (!wait) return { ...told, restored: true, runs: [{ run: holder.run, state: 'aborting' }] };
  world.err.write(`waiting until run ${holder.run} has put everything back ...\n`);
  await ended(lock, holder);
  if (!stays) stop.remove();
  const verdict = verdictOf(holder.dir);
  return { ...told, restored: verdict !== 'NOT RESTORED', runs: [{ run: holder.run, state: verdict.toLowerCase() }] };
}

/** Until the run has let go of the topology; CHAOS_NOT_ENDED when it does not. */
async function ended(lock: Lock, { run }: LockHolder): Promise<void> {
  for (const until = Date.now() + ENDS_MS; Date.now() < until; await delay(200)) {
    const state = lock.read();
    if (state.state === 'free' || state.holder.run !== run || state.state === 'left') return;
  }
  throw new ChaosError('CHAOS_NOT_ENDED', {
    what: `run ${run} was told to end and has not done so`,
    hint: 'End its process (`chaos status` names it): its guardian heals then. After that: `chaos heal`.',
    exit: 'not-restored',
  });
}

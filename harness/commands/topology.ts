import { join } from 'node:path';
import { formatDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { Interruption } from '../engine/interruption.ts';
import { heldBy } from '../engine/lock.ts';
import { waitHealthy } from '../engine/heal.ts';
import { clock, lockOf, removeEverything, topologyControl } from '../main.ts';
import { readTopology } from '../plan/index.ts';
import { type AddCommand, append, examples } from './command.ts';
import { takeOver } from './take-over.ts';

const HEALTHY_MS = 60_000;

interface FileFlag {
  readonly file: readonly string[];
}

const FILE = ['-f, --file <compose file>', 'the topology (default: docker-compose.chaos.yml; repeatable)'] as const;

const filesOf = ({ file }: FileFlag, world: World): readonly string[] =>
  file.length === 0 ? [join(world.root, 'docker-compose.chaos.yml')] : file;

export const topologyCommand: AddCommand = (program, world, exit) => {
  const topology = program.command('topology').description('bring the topology up and keep it, or remove it');
  topology
    .command('up')
    .description('bring the topology up and keep it: runs reuse it')
    .option(...FILE, append, [])
    .addHelpText('after', examples('chaos topology up'))
    .action(async (flags: FileFlag) => {
      await up(filesOf(flags, world), world);
      exit(EXIT_CODE.pass);
    });
  topology
    .command('down')
    .description('remove its containers, networks and volumes')
    .option(...FILE, append, [])
    .option('--all', 'everything that was ever started, in every project of ours', false)
    .addHelpText('after', examples('chaos topology down', 'chaos topology down --all'))
    .action(async (flags: FileFlag & { all: boolean }) => {
      const spec = readTopology(filesOf(flags, world), world.env);
      const lock = lockOf(world.root, spec.project);
      const state = lock.read();
      if (state.state === 'running') throw heldBy(state);
      if (flags.all) await removeEverything((line) => world.err.write(`${line}\n`));
      else await topologyControl(spec, world.env).down();
      if (state.state !== 'free') lock.release();
      exit(EXIT_CODE.pass);
    });
};

async function up(files: readonly string[], world: World): Promise<void> {
  const spec = readTopology(files, world.env);
  await takeOver(lockOf(world.root, spec.project), world);
  await using topology = topologyControl(spec, world.env);
  const interruption = new Interruption();
  using _signals = world.onSignals((signal) => void interruption.interrupt(signal));
  const begun = clock.now();
  world.err.write('bringing the topology up ...\n');
  await topology.up(interruption.signal, () => undefined);
  const missing = await waitHealthy({ topology, clock }, HEALTHY_MS, interruption.signal);
  if (missing !== undefined) {
    throw new ChaosError('CHAOS_NOT_HEALTHY', {
      what: `the topology is up and not healthy: ${missing.join('; ')}`,
      hint: '`docker compose -f docker-compose.chaos.yml logs` tells more.',
      exit: 'not-ready',
    });
  }
  world.err.write(`the topology is healthy after ${formatDuration(clock.now() - begun)}: ${topology.spec.entry}\n`);
}

import { formatDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { World } from '../core/world.ts';
import { Interruption } from '../run/interruption.ts';
import { waitHealthy } from '../heal/health.ts';
import {
  clock,
  everyPlace,
  placesOfTopology,
  remainsOf,
  removeEverything,
  sessionParts,
  topologyControl,
} from '../main.ts';
import type { SessionParts } from '../session/parts.ts';
import { take, takeHealed } from '../session/take.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { addDeploy } from './deploy.ts';
import { topologyOfFiles } from './common/topology-files.ts';

const HEALTHY_MS = 60_000;

interface FileFlag {
  readonly file: readonly string[];
}

const FILE = [
  '-f, --file <compose file>',
  'compose file of the topology (repeatable; default: docker-compose.chaos.yml)',
] as const;

export const topologyCommand: AddCommand = (program, world, exit) => {
  const topology = program
    .command('topology')
    .description('bring the topology up and keep it, give a service another image, or remove everything');
  topology
    .command('up')
    .description('bring the topology up and keep it: runs reuse it')
    .option(...FILE, append, [])
    .option('--monitoring', 'with what watches it: the profile that x-chaos.monitoring names', false)
    .addHelpText('after', examples('chaos topology up', 'chaos topology up --monitoring'))
    .action(async ({ file, monitoring }: FileFlag & { monitoring: boolean }) => {
      await up(file, monitoring, world);
      exit(EXIT_CODE.pass);
    });
  topology
    .command('down')
    .description('remove the containers, networks and volumes of the topology that chaos made; others stay')
    .option(...FILE, append, [])
    .option('--all', 'remove everything that chaos ever made, in every project', false)
    .addHelpText('after', examples('chaos topology down', 'chaos topology down --all'))
    .action(async ({ file, all }: FileFlag & { all: boolean }) => {
      if (!all) await down(file, world);
      const restored = !all || (await removeAll(world));
      exit(restored ? EXIT_CODE.pass : EXIT_CODE['not-restored']);
    });
  addDeploy(topology, FILE, world, exit);
};

const partsOf = (world: World): SessionParts => sessionParts({ ...world, say: (line) => world.err.write(`${line}\n`) });

async function down(files: readonly string[], world: World): Promise<void> {
  const spec = topologyOfFiles(files, world);
  const places = await placesOfTopology(spec.project, world.env);
  using _taken = await take(places, 'topology down', partsOf(world));
  await using topology = topologyControl(spec, world.env);
  const was = await topology.presence();
  const kept = await topology.down();
  kept.forEach((what) => world.err.write(`kept, because chaos did not make it: ${what}\n`));
  if (kept.some((what) => !what.startsWith('volume '))) throw notOurs(spec, kept);
  // Nothing of a dead run is left when its topology is gone.
  for (const { run } of places.notes.all()) places.notes.remove(run);
  const absent = `the topology "${spec.project}" was not up (CHAOS_PROJECT names another one)`;
  world.err.write(`${was === 'absent' ? absent : `the topology "${spec.project}" is removed`}\n`);
}

const notOurs = ({ project, files }: TopologySpec, kept: readonly string[]): ChaosError =>
  new ChaosError('CHAOS_NOT_OURS', {
    what: `chaos did not make these parts of the topology "${project}", so they stay: ${kept.join(', ')}`,
    hint: `To remove them by hand: docker compose ${files.map((file) => `-f ${file} `).join('')}-p ${project} down. With --volumes, their data goes too.`,
    exit: 'not-ready',
  });

/**
 * Takes the lock of every topology first. When one topology is in use, nothing is removed. Resolves with false when a dead
 * run has left something on parts that chaos did not make: its way back is kept then.
 */
async function removeAll(world: World): Promise<boolean> {
  using taken = new DisposableStack();
  const all = await everyPlace(world.env);
  for (const places of all) taken.use(await take(places, 'topology down', partsOf(world)));
  await removeEverything(world.env, (line) => world.err.write(`${line}\n`));
  let restored = true;
  for (const places of all)
    for (const { run, notes } of places.notes.all()) {
      const stays = notes === undefined ? [] : await remainsOf(notes.topology.project, world.env);
      if (stays.length === 0) places.notes.remove(run);
      else {
        restored = false;
        world.err.write(`run ${run} may have left something on what stays: ${stays.join(', ')}\n  → chaos heal\n`);
      }
    }
  return restored;
}

async function up(files: readonly string[], watched: boolean, world: World): Promise<void> {
  const spec = topologyOfFiles(files, world, watched);
  const places = await placesOfTopology(spec.project, world.env);
  using _taken = await takeHealed(places, 'topology up', spec, partsOf(world));
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
      hint: '`docker compose -f FILE logs`, with the compose file of the topology, says more.',
      exit: 'not-ready',
    });
  }
  world.err.write(`the topology is healthy after ${formatDuration(clock.now() - begun)}: ${topology.spec.entry}\n`);
  const { monitoring } = topology.spec;
  if (monitoring !== undefined) world.err.write(`Prometheus watches it: ${monitoring.prometheus}\n`);
}

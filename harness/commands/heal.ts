import { basename, join } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { Residue } from '../core/topology.ts';
import type { World } from '../core/world.ts';
import { awaitGuardian } from '../engine/await-guardian.ts';
import { heldBy } from '../engine/lock.ts';
import { waitHealthy } from '../engine/heal.ts';
import { clock, lockOf, reportsDir, topologyControl } from '../main.ts';
import { readTopology } from '../plan/index.ts';
import { type AddCommand, append, examples } from './command.ts';
import { healLeftover } from './heal-leftover.ts';
import { print } from './output.ts';
import { folderOf } from './runs.ts';

const HEALTHY_MS = 60_000;

interface Flags {
  readonly json: boolean;
  readonly file: readonly string[];
  readonly reports?: string;
}

interface HealDocument {
  readonly schema_version: 1;
  readonly restored: boolean;
  readonly runs: readonly { readonly run: string; readonly state: string }[];
  readonly residue: readonly Residue[];
}

export const healCommand: AddCommand = (program, world, exit) => {
  program
    .command('heal')
    .description('put back whatever any dead run left behind, and whatever else is not as it should be')
    .argument('[run]', 'by the record of this run only: a run, its folder, or `latest` (default: all)')
    .option('--reports <dir>', 'where the runs are')
    .option('-f, --file <compose file>', 'the topology (default: docker-compose.chaos.yml; repeatable)', append, [])
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos heal', 'chaos heal 3f9a'))
    .action(async (run: string | undefined, { json, file, reports }: Flags) => {
      const files = file.length === 0 ? [join(world.root, 'docker-compose.chaos.yml')] : file;
      const dir =
        run === undefined ? undefined : folderOf(run, reports ?? reportsDir(world.root, world.env), ['experiment']);
      const document = await heal(files, dir, world);
      if (json) print(world, document);
      else if (document.restored) world.out.write('all is as it should be\n');
      else document.residue.forEach((r) => world.out.write(`left: ${r.kind} ${r.target}\n  → ${r.how_to_undo}\n`));
      exit(document.restored ? EXIT_CODE.pass : EXIT_CODE['not-restored']);
    });
};

/** `only`: the folder of the one run by whose record is healed. */
async function heal(files: readonly string[], only: string | undefined, world: World): Promise<HealDocument> {
  const spec = readTopology(files, world.env);
  const lock = lockOf(world.root, spec.project);
  const state = await awaitGuardian(lock, clock, (text) => world.err.write(`${text}\n`));
  if (state.state === 'running') throw heldBy(state);
  const runs: { run: string; state: string }[] = [];
  const left = state.state === 'left' ? state.holder.dir : undefined;
  const dir = only ?? left;
  if (dir !== undefined) {
    const document = await healLeftover(dir, world);
    const { restored = true, residue = [] } = document ?? {};
    runs.push({ run: basename(dir), state: restored ? 'healed' : 'not restored' });
    if (restored && dir === left) lock.release();
    // Nobody asked for more than this run's.
    if (only !== undefined) return { schema_version: 1, restored, runs, residue };
  }
  await using topology = topologyControl(spec, world.env);
  if ((await topology.presence()) === 'absent') return { schema_version: 1, restored: true, runs, residue: [] };
  await topology.restore();
  const missing = await waitHealthy({ topology, clock }, HEALTHY_MS);
  // What was down could not be asked: now it can.
  if ((await topology.residue()).length > 0) await topology.restore();
  const unwell = (missing ?? []).map((what) => ({
    kind: 'not healthy',
    target: what,
    how_to_undo: 'chaos topology down && chaos topology up',
  }));
  const residue = [...(await topology.residue()), ...unwell];
  if (residue.length === 0 && lock.read().state === 'left') lock.release();
  return { schema_version: 1, restored: residue.length === 0, runs, residue };
}

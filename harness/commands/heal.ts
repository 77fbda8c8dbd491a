import { basename, resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { Residue } from '../core/topology/residue.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { World } from '../core/world.ts';
import { putRight } from '../heal/without-record.ts';
import { clock, placesOfTopology, sessionParts, topologyControl } from '../main.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { healLeftover, recordedLeftover } from '../session/heal-leftover.ts';
import type { SessionParts } from '../session/parts.ts';
import type { Places } from '../session/places.ts';
import { type Healed, healLeft, healOpenRun, take } from '../session/take.ts';
import { print } from './common/output.ts';
import { runFolder } from './common/run-folder.ts';
import { topologyOfFiles } from './common/topology-files.ts';

interface Flags {
  readonly json: boolean;
  readonly file: readonly string[];
  readonly reports?: string;
}

interface HealDocument {
  readonly schema_version: 1;
  readonly restored: boolean;
  readonly runs: readonly { readonly run: string; readonly state: string }[];
  /** What was not as it should be after the undo steps of all runs. Empty when the user named one run. */
  readonly found: readonly Residue[];
  /** What is left after the healing. */
  readonly residue: readonly Residue[];
}

export const healCommand: AddCommand = (program, world, exit) => {
  program
    .command('heal')
    .description('put back everything that a dead run left behind, and everything else that is not as it should be')
    .argument('[run]', 'heal only by the record of this run: a run, its folder, or `latest` (default: heal everything)')
    .option('--reports <dir>', 'the folder that holds the runs')
    .option(
      '-f, --file <compose file>',
      'compose file of the topology (repeatable; default: docker-compose.chaos.yml)',
      append,
      [],
    )
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos heal', 'chaos heal 3f9a'))
    .action(async (run: string | undefined, flags: Flags) => {
      const document = await heal(run, flags, world);
      if (flags.json) print(world, document);
      else if (document.restored)
        world.out.write(`${repairedText(document.found.length)}everything is as it should be\n`);
      else document.residue.forEach((r) => world.out.write(`left: ${r.kind} ${r.target}\n  → ${r.how_to_undo}\n`));
      exit(document.restored ? EXIT_CODE.pass : EXIT_CODE['not-restored']);
    });
};

/** `only`: the run that the user named. Nothing else is healed then. */
async function heal(only: string | undefined, { file, reports }: Flags, world: World): Promise<HealDocument> {
  const named = only === undefined ? undefined : folderNamed(only, world, reports);
  const spec = topologyOfFiles(file, world);
  const places = await placesOfTopology(spec.project, world.env);
  const parts = sessionParts({
    ...world,
    reports: reports === undefined ? undefined : resolve(world.cwd, reports),
    say: (line) => world.err.write(`${line}\n`),
  });
  using _taken = await take(places, 'heal', parts);
  if (only !== undefined && named !== undefined) {
    const healed = await healOne(only, named, places, spec, parts);
    const { restored = true, residue = [] } = healed ?? {};
    return { schema_version: 1, restored, runs: healed === undefined ? [] : [stateOf(healed)], found: [], residue };
  }
  const first = await healLeft(places, spec, parts);
  await using topology = topologyControl(spec, world.env);
  const say = (line: string): void => parts.say(line);
  let right = await putRight({ topology, clock, say });
  let last = first;
  if (first.some((one) => !one.restored)) {
    if ((await topology.presence()) === 'absent') {
      // With its containers, everything that a run had done to them is gone.
      first.forEach(({ run }) => places.notes.remove(run));
      parts.out.idle(spec.project);
      last = first.map((one) => ({ ...one, restored: true, residue: [] }));
    } else {
      // The audit may have repaired what stood in the way. It does not know what this run had found (an image, a
      // setting), so the run's own way back is tried once more, and has the last word.
      const again = await healLeft(places, spec, parts);
      last = first.map((one) => again.find(({ run }) => run === one.run) ?? one);
      if (again.every((one) => one.restored))
        right = { ...(await putRight({ topology, clock, say })), found: right.found };
    }
  }
  const residue = [...right.residue, ...last.flatMap(leftOf)];
  return { schema_version: 1, restored: residue.length === 0, runs: last.map(stateOf), found: right.found, residue };
}

const repairedText = (found: number): string => (found === 0 ? '' : `${found} found and repaired; `);

/** What a run left, for people. A run whose topology did not become healthy names nothing itself. */
const leftOf = ({ run, restored, residue }: Healed): readonly Residue[] =>
  restored || residue.length > 0
    ? residue
    : [{ kind: 'not healthy', target: `after ${run}`, how_to_undo: 'chaos topology down && chaos topology up' }];

const stateOf = ({ run, restored }: Healed): HealDocument['runs'][number] => ({
  run,
  state: restored ? 'healed' : 'not restored',
});

/**
 * Returns the folder of the run that a user means. When no folder fits, returns the error and does not throw it,
 * because a run without a folder may have notes.
 */
function folderNamed(name: string, world: World, reports: string | undefined): string | ChaosError {
  try {
    return resolve(runFolder(name, ['experiment'], world, reports));
  } catch (error) {
    if (error instanceof ChaosError && error.code === 'CHAOS_NO_RUN') return error;
    throw error;
  }
}

/**
 * Heals one run by its notes, wherever its folder is. A run without notes was put back before, or was made on another
 * machine: it is healed by its record. Returns undefined when the run died before its first side effect.
 */
async function healOne(
  name: string,
  dir: string | ChaosError,
  places: Places,
  spec: TopologySpec,
  parts: SessionParts,
): Promise<Healed | undefined> {
  const all = places.notes.all();
  const fits = all.filter(({ run }) => run.endsWith(name));
  const open =
    all.find(({ run, notes }) => run === name || notes?.dir === dir) ?? (fits.length === 1 ? fits[0] : undefined);
  if (open !== undefined) return healOpenRun(open, places, spec, parts);
  if (dir instanceof ChaosError) throw dir;
  const left = recordedLeftover(dir, parts);
  return left === undefined ? undefined : { run: basename(dir), ...(await healLeftover(left, parts)) };
}

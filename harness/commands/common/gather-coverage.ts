import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { objectivesOf } from '../../core/coverage/template.ts';
import type { Survey } from '../../core/coverage/survey.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { secretsOf } from '../../core/text/secrets.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { World } from '../../core/world.ts';
import { catalogue, compose, imagesNow, reportsDir } from '../../main.ts';
import { type ImagesOf, survey, topologyKey } from '../../modes/coverage/survey.ts';
import { type ModelFile, readExperiment, readModel } from '../../plan/index.ts';
import { readCoveredRuns } from '../../record/covered-runs.ts';
import { badFlag } from './load-options.ts';
import { plannedOrExplain } from './planned.ts';
import { passedOver } from './run-folder.ts';
import { topologyOfFiles } from './topology-files.ts';

interface Asked {
  /** Compose files and experiment files, as typed. */
  readonly files: readonly string[];
  readonly experiments: readonly string[];
  readonly reports: string | undefined;
  readonly like: string | undefined;
  readonly minutes: number | undefined;
}

/** A survey, and what generated experiments are made of. */
export interface Gathered {
  readonly survey: Survey;
  readonly spec: TopologySpec;
  readonly experiments: readonly Plan[];
  /** Undefined when no experiment can be the model. */
  readonly model: ModelFile | undefined;
  /** The time for planned experiments. Undefined when nothing is planned. */
  readonly minutes: number | undefined;
}

/** The folders whose experiments may fill a gap when the user names none. */
const FOLDERS = ['experiments', join('experiments', 'generated')];

/** Reads the topology, the experiments, the recorded runs and the images that are there, and surveys them. */
export async function gather(asked: Asked, world: World): Promise<Gathered> {
  const spec = topologyOfFiles(asked.files, world);
  const read = (file: string, overrides: readonly string[]): Plan | undefined =>
    existsSync(file) ? readExperiment({ file, overrides, ...catalogue, env: world.env, compose }).plan : undefined;
  const experiments = experimentFiles(asked.experiments, world).flatMap((file) => {
    const plan = read(file, []);
    if (plan === undefined)
      world.err.write(`warning: ${relative(world.cwd, file)} is passed over: \`chaos validate\` says why\n`);
    return plan ?? [];
  });
  const { like, minutes } = asked;
  const model = like === undefined ? modelAmong(experiments, spec) : asModel(like, spec, world);
  return {
    spec,
    experiments,
    model: model?.file,
    minutes,
    survey: survey({
      spec,
      known: catalogue,
      runs: readCoveredRuns(asked.reports ?? reportsDir(world.root, world.env), passedOver(world)),
      experiments,
      model: model?.plan,
      images: await imagesBy([spec, ...experiments.map(({ topology }) => topology)], world),
      redact: secretsOf(world.env, spec),
      minutes,
      read,
    }),
  };
}

/** Asks the engine once for each topology that the experiments name. Returns the images by the key of the topology. */
async function imagesBy(specs: readonly TopologySpec[], { env }: World): Promise<ImagesOf> {
  const distinct = [...new Map(specs.map((spec) => [topologyKey(spec), spec]))];
  const asked = distinct.map(async ([key, spec]) => [key, await imagesNow(spec, env)] as const);
  return new Map(await Promise.all(asked));
}

function experimentFiles(named: readonly string[], { cwd, root }: World): readonly string[] {
  if (named.length > 0) return named.map((file) => resolve(cwd, file));
  return FOLDERS.map((folder) => join(root, folder)).flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith('.yaml'))
          .sort()
          .map((file) => join(folder, file))
      : [],
  );
}

interface Model {
  readonly plan: Plan;
  readonly file: ModelFile;
}

/**
 * Returns the first experiment on this topology, by the order of the files, with a constant rate, without controllers,
 * and with limits for the latency and the errors of all requests.
 */
function modelAmong(experiments: readonly Plan[], spec: TopologySpec): Model | undefined {
  for (const plan of experiments) {
    const file = whyNoModel(plan, spec) === undefined ? readModel(plan.file) : undefined;
    if (file !== undefined && 'rate' in file.load && !('over' in file.load) && objectivesOf(file).length === 2)
      return { plan, file };
  }
  return undefined;
}

/** Throws CHAOS_USAGE when the experiment is about another topology or has controllers, and BadExperiment. */
function asModel(like: string, spec: TopologySpec, world: World): Model {
  const plan = plannedOrExplain(like, [], world);
  const why = whyNoModel(plan, spec);
  const file = readModel(plan.file);
  if (why === undefined && file !== undefined) return { plan, file };
  throw badFlag(`--like ${like}: ${why ?? 'it cannot be read'}`, 'Name an experiment on this topology with one fault.');
}

function whyNoModel({ topology, controllers = [] }: Plan, spec: TopologySpec): string | undefined {
  if (topology.files.join('\n') !== spec.files.join('\n')) return 'it is about other compose files';
  return controllers.length > 0 ? 'it has controllers' : undefined;
}

import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { objectivesOf } from '../../core/coverage/template.ts';
import type { Survey } from '../../core/coverage/survey.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { secretsOf } from '../../core/text/secrets.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { World } from '../../core/world.ts';
import { type Catalogues, compose, imagesNow } from '../../main.ts';
import { type ImagesOf, survey, topologyKey } from '../../modes/coverage/survey.ts';
import { type ModelFile, readExperiment, readModel } from '../../plan/index.ts';
import { readCoveredRuns } from '../../record/covered-runs.ts';
import { plannedOrExplain } from './planned.ts';
import { passedOver } from './run-folder.ts';

/** What a survey is asked for. */
interface Asked {
  readonly spec: TopologySpec;
  readonly known: Catalogues;
  /** The experiments that may fill a gap, as absolute paths. */
  readonly experiments: readonly string[];
  readonly reports: string;
  /** Undefined: the first experiment that is fit for it. */
  readonly like: Like | undefined;
  readonly minutes: number | undefined;
  /** Experiments that are run anyway, as absolute paths. */
  readonly anyway?: ReadonlySet<string>;
}

/** The experiment after which others are generated, as a person named it. */
interface Like {
  readonly file: string;
  /** Returns the error for an experiment that is not fit for it. */
  refuse(why: string, hint: string): Error;
}

/** A survey, and what generated experiments are made of. */
export interface Gathered {
  readonly survey: Survey;
  readonly spec: TopologySpec;
  readonly known: Catalogues;
  readonly experiments: readonly Plan[];
  /** Undefined when no experiment can be the model. */
  readonly model: ModelFile | undefined;
  /** The time for planned experiments. Undefined when nothing is planned. */
  readonly minutes: number | undefined;
}

/** Reads the experiments, the recorded runs and the images that are there, and surveys them. */
export async function gather(asked: Asked, world: World): Promise<Gathered> {
  const { spec, known, like, minutes, anyway } = asked;
  const read = (file: string, overrides: readonly string[]): Plan | undefined =>
    existsSync(file) ? readExperiment({ file, overrides, ...known, env: world.env, compose }).plan : undefined;
  const experiments = asked.experiments.flatMap((file) => {
    const plan = read(file, []);
    if (plan === undefined)
      world.err.write(`warning: ${relative(world.cwd, file)} is passed over: \`chaos validate\` says why\n`);
    return plan ?? [];
  });
  const model = like === undefined ? modelAmong(experiments, spec) : asModel(like, spec, known, world);
  // The engine answers while the runs are read. When these cannot be read, its answer does not matter.
  const images = imagesBy([spec, ...experiments.map(({ topology }) => topology)], world);
  images.catch(() => undefined);
  const runs = readCoveredRuns(asked.reports, passedOver(world));
  return {
    spec,
    known,
    experiments,
    model: model?.file,
    minutes,
    survey: survey({
      spec,
      known,
      runs,
      experiments,
      model: model?.plan,
      images: await images,
      redact: secretsOf(world.env, spec),
      minutes,
      anyway,
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

/** Throws the error of `like` when the experiment is about another topology or has controllers, and BadExperiment. */
function asModel(like: Like, spec: TopologySpec, known: Catalogues, world: World): Model {
  const plan = plannedOrExplain(like.file, [], world, known);
  const why = whyNoModel(plan, spec);
  const file = readModel(plan.file);
  if (why === undefined && file !== undefined) return { plan, file };
  throw like.refuse(why ?? 'it cannot be read', 'Name an experiment on this topology with one fault.');
}

function whyNoModel({ topology, controllers = [] }: Plan, spec: TopologySpec): string | undefined {
  if (topology.files.join('\n') !== spec.files.join('\n')) return 'it is about other compose files';
  return controllers.length > 0 ? 'it has controllers' : undefined;
}

import { basename, resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { eventsOf } from '../core/record/history.ts';
import type { AutoScalingConfig } from '../core/record/scaling.ts';
import type { World } from '../core/world.ts';
import { cataloguesFor, versionOf } from '../main.ts';
import { mendsOf } from '../modes/autoscale/mend.ts';
import { replay } from '../modes/autoscale/replay.ts';
import { type Model, simulate } from '../modes/autoscale/simulate.ts';
import { readSimulation, type Simulation } from '../plan/index.ts';
import { readEvents } from '../record/event-log.ts';
import { renderReplay, renderSimulation } from '../reporters/console/simulation.ts';
import { renderSimulatedAs } from '../reporters/console/simulated-as.ts';
import { simulationPage } from '../reporters/html/simulation-page.ts';
import { simulatedAs } from './autoscale-as.ts';
import { addCalibrate } from './autoscale-calibrate.ts';
import { badFile } from './common/bad-file.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { badFlag } from './common/load-options.ts';
import { cataloguesOf, plannedOrExplain } from './common/planned.ts';
import { runFolder } from './common/run-folder.ts';
import { writePage } from './common/write-page.ts';

interface SimulateOptions {
  readonly json: boolean;
  readonly html?: string;
  readonly as?: string;
}

export const autoscaleCommand: AddCommand = (program, world, exit) => {
  const autoscale = program
    .command('autoscale')
    .description(
      'measure how much a replica carries, and try configurations of the scaler where no machine is large enough',
    );
  autoscale
    .command('simulate')
    .description(
      'let the scaler follow a load in virtual time, one policy beside another: when the objective is missed, and what mends it; touches nothing',
    )
    .argument('<file>', 'a file with a replica, an objective, the load over time, and policies')
    .option(
      '--as <run>',
      'only the load and the scalers of a recorded run, with the replica of the file: how soon there was capacity, in the run and simulated',
    )
    .option('--html <file>', 'also write a page with charts: the load, replicas and p95 of each policy over the time')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'chaos autoscale simulate experiments/autoscale/saturday.yaml',
        'chaos autoscale simulate experiments/autoscale/saturday.yaml --html saturday.html',
        'chaos autoscale simulate replica.yaml --as latest',
      ),
    )
    .action(async (file: string, { json, html, as }: SimulateOptions) => {
      const simulation = read(file, world);
      if (as !== undefined && html !== undefined)
        throw badFlag(
          '--html draws the policies of the file, and --as has the scalers of a run',
          'Leave one of them out. The report of the run draws its scaling.',
        );
      if (as !== undefined) {
        const known = await cataloguesFor([], world.cwd);
        const beside = simulatedAs(modelOf(simulation), runFolder(as, ['experiment'], world), known);
        if (json) print(world, beside);
        else world.out.write(renderSimulatedAs(beside));
        exit(EXIT_CODE.pass);
        return;
      }
      const { document, minutes, slo } = simulated(simulation);
      if (html !== undefined)
        writePage(html, simulationPage({ simulated: document, minutes, slo }, versionOf(world.root)), world);
      if (json) print(world, document);
      else world.out.write(renderSimulation(document));
      exit(EXIT_CODE.pass);
    });
  autoscale
    .command('replay')
    .description(
      'make the decisions of a recorded run again, from the same figures; with another configuration, say where it would have decided otherwise',
    )
    .argument('<run>', 'a run, its folder, or `latest`')
    .option('--with <experiment>', "by the scalers of this file instead of the run's own")
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'chaos autoscale replay latest',
        'chaos autoscale replay 3f9a --with experiments/surge-with-replica-kill.yaml',
      ),
    )
    .action(async (run: string, { json, with: file }: { readonly json: boolean; readonly with?: string }) => {
      const document = await replayed(runFolder(run, ['experiment'], world), file, world);
      if (json) print(world, document);
      else world.out.write(renderReplay(document));
      exit(document.exit_code);
    });
  addCalibrate(autoscale, world, exit);
};

async function replayed(dir: string, file: string | undefined, world: World) {
  const recorded = eventsOf({ events: readEvents(dir) }, 'scaling');
  if (recorded.length === 0)
    throw new ChaosError('CHAOS_OTHER_RUN', {
      what: `no scaler decided anything in ${dir}`,
      hint: 'Take a run whose experiment has a controller `autoscale`.',
      exit: 'bad-input',
    });
  const others = new Map(file === undefined ? [] : await scalersOf(file, world));
  const { decisions, otherwise } = replay(recorded, (service) => others.get(service));
  return {
    schema_version: 1,
    run: basename(dir),
    with: file ?? null,
    decisions,
    otherwise: otherwise.map(({ t, service, instances, was, is }) => ({
      at: new Date(t).toISOString(),
      service,
      instances,
      was: { replicas: was.targetInstances, reason: was.reason },
      is: { replicas: is.targetInstances, reason: is.reason },
    })),
    // The same configuration must decide the same: otherwise this version decides by other rules than the recorded one.
    exit_code: file === undefined && otherwise.length > 0 ? EXIT_CODE.fail : EXIT_CODE.pass,
  };
}

/** Returns the configuration of each scaler of an experiment, by its service. */
async function scalersOf(file: string, world: World): Promise<readonly (readonly [string, AutoScalingConfig])[]> {
  const { controllers = [] } = plannedOrExplain(file, [], world, await cataloguesOf(file, world));
  const found = controllers.flatMap(({ controller, params }) => {
    if (controller !== 'autoscale') return [];
    const { service, ...config } = params as AutoScalingConfig & { readonly service: string };
    return [[service, config] as const];
  });
  if (found.length > 0) return found;
  throw new ChaosError('CHAOS_OTHER_RUN', {
    what: `${file} has no controller \`autoscale\``,
    hint: 'Name an experiment that scales a service.',
    exit: 'bad-input',
    file,
  });
}

function read(file: string, world: World): Simulation {
  const simulation = readSimulation(resolve(world.cwd, file));
  if (!('policies' in simulation)) throw badFile(simulation, world);
  return simulation;
}

const modelOf = ({ replica, slo }: Simulation): Model => ({
  serviceS: replica.service_time / 1_000,
  servers: replica.cores,
  startUpS: replica.start_up / 1_000,
  drainS: replica.drain / 1_000,
  longestWaitS: replica.longest_wait / 1_000,
  memoryPercent: replica.memory,
  slo: { p95S: slo.p95 / 1_000, refused: slo.refused },
});

function simulated(simulation: Simulation) {
  const { title, stages, policies } = simulation;
  const model = modelOf(simulation);
  const outcomes = Object.entries(policies).map(
    ([name, config]) => ({ name, config, found: simulate(model, stages, config) }) as const,
  );
  const document = {
    schema_version: 1,
    title,
    simulated_s: stages.reduce((sum, { ms }) => sum + ms, 0) / 1_000,
    policies: outcomes.map(({ name, config, found }) => {
      const mends = found.sloBrokenS === 0 ? [] : mendsOf(model, stages, config, found.sloBrokenS);
      return {
        name,
        slo_broken_s: found.sloBrokenS,
        first_broken_s: found.firstBrokenS ?? null,
        most_replicas: found.mostReplicas,
        replica_hours: Number(found.replicaHours.toFixed(2)),
        flaps: found.flaps,
        changes: found.changes,
        refused: found.refused,
        mends: mends.map(({ change, sloBrokenS, replicaHours }) => ({
          change,
          slo_broken_s: sloBrokenS,
          replica_hours: Number(replicaHours.toFixed(2)),
        })),
      };
    }),
    exit_code: EXIT_CODE.pass,
  };
  return { document, minutes: outcomes.map(({ name, found }) => ({ name, minutes: found.minutes })), slo: model.slo };
}

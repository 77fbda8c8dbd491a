import { relative, resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { mendsOf } from '../modes/autoscale/mend.ts';
import { type Model, simulate } from '../modes/autoscale/simulate.ts';
import { readSimulation, renderProblems, type Simulation } from '../plan/index.ts';
import { renderSimulation } from '../reporters/console/simulation.ts';
import { BadExperiment } from './common/bad-experiment.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const autoscaleCommand: AddCommand = (program, world, exit) => {
  const autoscale = program
    .command('autoscale')
    .description('try configurations of the scaler where no machine is large enough');
  autoscale
    .command('simulate')
    .description(
      'let the scaler follow a load in virtual time, one policy beside another: when the objective is missed, and what mends it; touches nothing',
    )
    .argument('<file>', 'a file with a replica, an objective, the load over time, and policies')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos autoscale simulate experiments/autoscale/saturday.yaml'))
    .action((file: string, { json }: { readonly json: boolean }) => {
      const document = simulated(read(file, world));
      if (json) print(world, document);
      else world.out.write(renderSimulation(document));
      exit(EXIT_CODE.pass);
    });
};

function read(file: string, world: World): Simulation {
  const simulation = readSimulation(resolve(world.cwd, file));
  if ('policies' in simulation) return simulation;
  const [first] = simulation;
  if (first === undefined) throw new TypeError('a file that cannot be read has problems');
  const shown = { ...first, file: relative(world.cwd, first.file) };
  throw new BadExperiment(simulation, shown, renderProblems(simulation, world.cwd));
}

function simulated({ title, replica, slo, stages, policies }: Simulation) {
  const model: Model = {
    serviceS: replica.service_time / 1_000,
    servers: replica.cores,
    startUpS: replica.start_up / 1_000,
    drainS: replica.drain / 1_000,
    longestWaitS: replica.longest_wait / 1_000,
    memoryPercent: replica.memory,
    slo: { p95S: slo.p95 / 1_000, refused: slo.refused },
  };
  return {
    schema_version: 1,
    title,
    simulated_s: stages.reduce((sum, { ms }) => sum + ms, 0) / 1_000,
    policies: Object.entries(policies).map(([name, config]) => {
      const found = simulate(model, stages, config);
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
}

import { peakRate } from '../core/load/arrivals.ts';
import { formatDuration } from '../core/duration.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { describeLoad } from '../core/load/plan.ts';
import { capMs, longestMs, type Plan } from '../core/plan.ts';
import type { World } from '../core/world.ts';
import { describeStop } from '../engine/stop-conditions.ts';
import { catalogue } from '../main.ts';
import { type AddCommand, append, examples } from './command.ts';
import { print } from './output.ts';
import { faultRows, stepLines, stepRows } from './plan-steps.ts';
import { plannedOrExplain } from './planned.ts';

interface Flags {
  readonly json: boolean;
  readonly set: readonly string[];
}

export const planCommand: AddCommand = (program, world, exit) => {
  program
    .command('plan')
    .description(
      'print what a run would do: each fault beside its undo, the blast radius, the longest duration; touches nothing',
    )
    .argument('<experiment>', 'an experiment file')
    .option('--set <path=value>', 'override a value of the file (repeatable)', append, [])
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos plan experiments/redis-loss.yaml'))
    .action((file: string, { json, set }: Flags) => {
      const document = planDocument(plannedOrExplain(file, set, world));
      if (json) print(world, document);
      else writePlan(document, world);
      exit(EXIT_CODE.pass);
    });
};

function planDocument(plan: Plan) {
  const steps = stepRows(plan);
  const faults = faultRows(steps);
  const { services } = plan.topology;
  const containers = Object.values(services).reduce((sum, service) => sum + service.replicas, 0);
  const { fault } = plan.phases;
  return {
    schema_version: 1,
    title: plan.title,
    phases: Object.entries(plan.phases).map(([name, ms]) => ({
      name,
      seconds: ms / 1_000,
      ...(name === 'heal' ? { deadline: true } : {}),
    })),
    faults,
    steps,
    blast_radius: `${[...new Set(faults.map((f) => `${f.name} of ${f.targets.join(', ')}`))].join('; ')}, in a topology of ${containers} containers (project ${plan.topology.project})`,
    load: {
      rate_per_s: peakRate(plan.load.arrivals),
      virtual_users: plan.load.virtualUsers,
      text: describeLoad(plan.load),
      pressure: plan.load.pressure ?? null,
    },
    guards: [
      'the guardian process heals when the run dies',
      `every fault ends with its phase, after ${formatDuration(fault)}`,
      ...(plan.stop_if ?? []).map(
        (stop) =>
          `the run stops if ${describeStop(stop, [...catalogue.checks, ...catalogue.metrics])} (line ${stop.line})`,
      ),
      `the run ends itself after ${formatDuration(capMs(plan))}`,
      '`chaos abort` ends it from another terminal',
    ],
    longest_s: longestMs(plan) / 1_000,
  };
}

function writePlan(document: ReturnType<typeof planDocument>, world: World): void {
  const lines = [
    document.title,
    '',
    `phases       ${document.phases.map((p) => `${p.name} ${p.seconds} s${p.name === 'heal' ? ' at most' : ''}`).join(', ')}`,
    `load         ${document.load.text}`,
    ...stepLines(document.steps),
    `blast radius ${document.blast_radius}`,
    ...document.guards.map((guard) => `guard        ${guard}`),
    `longest      ${formatDuration(document.longest_s * 1_000)}`,
  ];
  world.out.write(`${lines.join('\n')}\n`);
}

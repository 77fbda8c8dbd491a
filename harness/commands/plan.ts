import { peakRate } from '../core/load/arrivals.ts';
import { formatDuration } from '../core/duration.ts';
import type { Known } from '../core/kinds/known.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { describeLoad } from '../core/load/plan.ts';
import { capMs, longestMs, type Plan } from '../core/plan/plan.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { World } from '../core/world.ts';
import { describeStop } from '../run/stop-conditions.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { outlineOf } from '../core/plan/outline.ts';
import type { Outlined } from '../core/plan/outlined.ts';
import { cataloguesOf, plannedOrExplain } from './common/planned.ts';

interface Flags {
  readonly json: boolean;
  readonly set: readonly string[];
}

export const planCommand: AddCommand = (program, world, exit) => {
  program
    .command('plan')
    .description(
      'print what a run would do: each fault with its undo, the blast radius, the longest duration; touches nothing',
    )
    .argument('<experiment>', 'an experiment file')
    .option('--set <path=value>', 'override a value of the file (repeatable)', append, [])
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos plan experiments/redis-loss.yaml'))
    .action(async (file: string, { json, set }: Flags) => {
      const known = await cataloguesOf(file, world);
      const plan = plannedOrExplain(file, set, world, known);
      const outlined = outlineOf(plan, known.steps, known.faults);
      const document = planDocument(plan, outlined, known);
      if (json) print(world, document);
      else writePlan(document, outlined.lines, world);
      exit(EXIT_CODE.pass);
    });
};

function planDocument(plan: Plan, { rows: steps, faults }: Outlined, known: Known) {
  const { services } = plan.topology;
  const containers = Object.values(services).reduce((sum, service) => sum + service.replicas, 0);
  const { fault } = plan.phases;
  const controllers = (plan.controllers ?? []).map(({ controller: name, params }) => {
    const controller = known.controllers.find((one) => one.name === name);
    return { text: controller?.describe(params) ?? name, service: controller?.service(params) ?? 'the service' };
  });
  const hit = [
    ...faults.map((f) => `${f.name} of ${f.targets.join(', ')}`),
    ...controllers.map(({ service }) => `the number of containers of ${service}`),
  ];
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
    blast_radius: `${[...new Set(hit)].join('; ')}, in a topology of ${containers} containers (project ${plan.topology.project})`,
    load: {
      rate_per_s: peakRate(plan.load.arrivals),
      virtual_users: plan.load.virtualUsers,
      text: describeLoad(plan.load),
      pressure: plan.load.pressure ?? null,
    },
    hypotheses: plan.hypotheses.map(({ check, params, line }) => ({
      text: known.checks.find(({ name }) => name === check)?.describe(params) ?? check,
      line,
    })),
    controllers: controllers.map(({ text, service }) => ({
      text,
      undo: `give ${service} the number of containers that it had`,
    })),
    resets: resetsOf(plan.topology),
    removes: removesOf(plan.topology),
    guards: [
      'the guardian process heals when the run dies',
      `every fault ends with its phase, after ${formatDuration(fault)}`,
      ...(plan.stop_if ?? []).map((stop) => `the run stops if ${describeStop(stop, known.checks)} (line ${stop.line})`),
      `the run ends by itself after ${formatDuration(capMs(plan))}`,
      '`chaos abort` ends the run from another terminal',
    ],
    longest_s: longestMs(plan) / 1_000,
  };
}

/** What a run does to the data before its phases. Only what x-chaos asks for. */
function resetsOf({ database, resetSql, redis, emptyRedis }: TopologySpec): readonly string[] {
  return [
    ...(database === undefined || resetSql === undefined ? [] : [`the database, by x-chaos.reset: ${resetSql}`]),
    ...(redis === undefined || emptyRedis !== true ? [] : ['Redis, by x-chaos.empty_redis: FLUSHDB']),
  ];
}

/** What a run removes at its end, and `chaos topology down` at once. Only what the harness made. */
function removesOf({ project, services, makes }: TopologySpec): readonly string[] {
  const named = (what: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `${what} ${names.join(', ')}`;
  const parts = [
    named('containers of', Object.keys(services)),
    named('networks', Object.values(makes?.networks ?? {})),
    named('volumes', Object.values(makes?.volumes ?? {})),
  ];
  return [
    `of project ${project}, as far as chaos made them: ${parts.filter((part) => part !== '').join('; ')}. At the end of the run if it brought them up, or by \`chaos topology down\`. Everything else stays`,
  ];
}

function writePlan(document: ReturnType<typeof planDocument>, steps: readonly string[], world: World): void {
  const lines = [
    document.title,
    '',
    `phases       ${document.phases.map((p) => `${p.name} ${p.seconds} s${p.name === 'heal' ? ' at most' : ''}`).join(', ')}`,
    `load         ${document.load.text}`,
    ...steps,
    `blast radius ${document.blast_radius}`,
    ...document.hypotheses.map(({ text, line }) => `hypothesis   ${text} (line ${line})`),
    ...document.controllers.flatMap(({ text, undo }) => [`controller   ${text}`, `  undo       ${undo}`]),
    ...document.resets.map((text) => `resets       ${text}`),
    ...document.removes.map((text) => `removes      ${text}`),
    ...document.guards.map((guard) => `guard        ${guard}`),
    `longest      ${formatDuration(document.longest_s * 1_000)}`,
  ];
  world.out.write(`${lines.join('\n')}\n`);
}

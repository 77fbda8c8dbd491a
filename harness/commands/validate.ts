import { resolve } from 'node:path';
import { peakRate, plannedWithin } from '../core/load/arrivals.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { describeLoad, userLoad } from '../core/load/plan.ts';
import type { LoadPlan } from '../core/load/load.ts';
import type { Problem } from '../core/problem.ts';
import type { World } from '../core/world.ts';
import { catalogue } from '../main.ts';
import { isLoadTestFile, plannedRequests, readExperiment, readWorkload, renderProblems } from '../plan/index.ts';
import { type AddCommand, append, examples } from './command.ts';
import { moreOn, print } from './output.ts';

interface Flags {
  readonly json: boolean;
  readonly set: readonly string[];
}

/** What a file asks for, where it is sound. */
interface Asked {
  readonly file: string;
  readonly load: LoadPlan;
  readonly requests: number;
}

interface Validated {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly asked: readonly Asked[];
}

export const validateCommand: AddCommand = (program, world, exit) => {
  program
    .command('validate')
    .description(
      'name every mistake of experiment files as file:line:column, and say which load they ask for; touches nothing',
    )
    .argument('<files...>', 'experiment files, or load tests as the specification writes them')
    .option('--set <path=value>', 'override a value of the experiments (repeatable)', append, [])
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos validate experiments/*.yaml'))
    .action((files: readonly string[], { json, set }: Flags) => {
      const read = files.map((file) => {
        const path = resolve(world.cwd, file);
        return isLoadTestFile(path) ? validateLoadTest(file, path) : validateExperiment(file, path, set, world);
      });
      const problems = read.flatMap((r) => r.problems);
      const warnings = read.flatMap((r) => r.warnings);
      const asked = read.flatMap((r) => r.asked);
      const ok = problems.length === 0;
      if (json) print(world, { schema_version: 1, ok, problems, warnings, loads: asked.map(loadDocument) });
      else {
        const told = [...problems, ...warnings];
        if (told.length > 0) world.err.write(renderProblems(told, world.cwd) + moreOn(told.map(({ code }) => code)));
        for (const { file, load, requests } of asked) {
          const planned = Math.round(requests).toLocaleString('en-GB');
          world.out.write(`${file}: ${describeLoad(load)}; ${planned} requests planned\n`);
        }
        world.out.write(
          ok ? `${files.length} valid\n` : `${problems.length} mistake${problems.length === 1 ? '' : 's'}\n`,
        );
      }
      exit(ok ? EXIT_CODE.pass : EXIT_CODE['bad-input']);
    });
};

function validateExperiment(file: string, path: string, overrides: readonly string[], world: World): Validated {
  const { plan, problems, warnings } = readExperiment({ file: path, overrides, ...catalogue, env: world.env });
  const asked = plan === undefined ? [] : [{ file, load: plan.load, requests: plannedRequests(plan) }];
  return { problems, warnings, asked };
}

function validateLoadTest(file: string, path: string): Validated {
  const workload = readWorkload(path, 'unaudited');
  if (!('scenarios' in workload)) return { problems: workload, warnings: [], asked: [] };
  const { virtualUsers = 0, rampUpMs = 0, durationMs = 0 } = workload.test ?? {};
  const load = userLoad(workload, { count: virtualUsers, rampUpMs }, 0);
  return { problems: [], warnings: [], asked: [{ file, load, requests: plannedWithin(load.arrivals, 0, durationMs) }] };
}

/** In both readings: the highest rate, and the users who make it. */
const loadDocument = ({ file, load, requests }: Asked) => ({
  file,
  rate_per_s: peakRate(load.arrivals),
  virtual_users: load.virtualUsers,
  planned_requests: Math.round(requests),
});

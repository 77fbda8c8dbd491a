import { relative, resolve } from 'node:path';
import { peakRate } from '../core/arrivals.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { describeLoad } from '../core/load-plan.ts';
import type { Plan } from '../core/plan.ts';
import { catalogue } from '../main.ts';
import { readExperiment, renderProblems, requestsByPhase } from '../plan/index.ts';
import { type AddCommand, append, examples } from './command.ts';
import { print } from './output.ts';

interface Flags {
  readonly json: boolean;
  readonly set: readonly string[];
}

export const validateCommand: AddCommand = (program, world, exit) => {
  program
    .command('validate')
    .description('name every mistake of experiment files as file:line:column; touches nothing')
    .argument('<experiments...>', 'experiment files')
    .option('--set <path=value>', 'override a value of the files (repeatable)', append, [])
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos validate experiments/*.yaml'))
    .action((files: readonly string[], { json, set }: Flags) => {
      const read = files.map((file) =>
        readExperiment({ file: resolve(world.cwd, file), overrides: set, ...catalogue, env: world.env }),
      );
      const problems = read.flatMap((r) => r.problems);
      const warnings = read.flatMap((r) => r.warnings);
      const ok = problems.length === 0;
      const loads = read.flatMap(({ plan }) => (plan === undefined ? [] : [loadOf(plan)]));
      if (json) print(world, { schema_version: 1, ok, problems, warnings, loads });
      else {
        world.err.write(renderProblems([...problems, ...warnings], world.cwd));
        for (const { file, text, planned_requests: requests } of loads)
          world.out.write(`${relative(world.cwd, file)}: ${text}: ${requests.toLocaleString('en-GB')} requests\n`);
        world.out.write(
          ok ? `${files.length} valid\n` : `${problems.length} mistake${problems.length === 1 ? '' : 's'}\n`,
        );
      }
      exit(ok ? EXIT_CODE.pass : EXIT_CODE['bad-input']);
    });
};

/** Which load a file asks for, by both readings: a rate, and the users that it stands for. */
const loadOf = (plan: Plan) => ({
  file: plan.file,
  text: describeLoad(plan.load),
  rate_per_s: peakRate(plan.load.arrivals),
  virtual_users: plan.load.virtualUsers,
  planned_requests: Math.round(Object.values(requestsByPhase(plan)).reduce((sum, n) => sum + n, 0)),
});

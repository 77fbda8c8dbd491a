import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { ciFiles } from '../setup/ci/files.ts';
import { stillToAdd, writeFiles } from '../setup/ci/write.ts';
import { type AddCommand, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';

interface CiFlags {
  readonly github: boolean;
  readonly gitlab: boolean;
  readonly suite: string;
  readonly force: boolean;
  readonly json: boolean;
}

export const initCommand: AddCommand = (program, world, exit) => {
  const init = program.command('init').description('write files into a project that is about to use chaos');
  init
    .command('ci')
    .description('write a GitHub Actions workflow and a GitLab job that carry out a suite each night')
    .option('--github', 'only the workflow of GitHub Actions', false)
    .option('--gitlab', 'only the job of GitLab', false)
    .option('--suite <file>', 'the suite, in this folder or below it', 'experiments/suites/nightly.yaml')
    .option('--force', 'replace files that are there with another content', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos init ci', 'chaos init ci --github --suite experiments/suites/smoke.yaml')}

Call it in the project's folder. The steps are scripts in ci/chaos/, which run on any machine. Keep reports/ and
chaos-out/ out of git.`,
    )
    .action(({ github, gitlab, suite, force, json }: CiFlags) => {
      const both = github === gitlab;
      const files = ciFiles({ github: both || github, gitlab: both || gitlab, suite: suiteIn(suite, world) });
      const written = writeFiles(world.cwd, files, force);
      const missing = stillToAdd(world.cwd, written);
      if (json) print(world, { schema_version: 1, files: written, to_add: missing ?? null });
      else for (const { path, state } of written) world.out.write(`${state.padEnd(9)}  ${path}\n`);
      if (missing !== undefined) world.err.write(missing);
      exit(EXIT_CODE.pass);
    });
};

/** These characters mean nothing to a shell, to YAML and to the services. */
const PLAIN = /^[\w./-]+$/;

/** Returns the path of a suite from the folder in which the command is called. */
function suiteIn(suite: string, { cwd }: World): string {
  const path = relative(cwd, resolve(cwd, suite));
  if (path.startsWith('..') || isAbsolute(path) || !PLAIN.test(path))
    throw badFlag(
      `--suite ${suite} cannot be named in a workflow`,
      'Write a path below this folder, of letters, digits and . _ - /',
    );
  if (existsSync(resolve(cwd, path))) return path;
  throw new ChaosError('CHAOS_FILE_MISSING', {
    what: `there is no suite ${path}`,
    hint: 'Name your suite with --suite FILE. Call the command in the folder of your project.',
    exit: 'bad-input',
    file: path,
  });
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseDuration } from '../core/duration.ts';
import { namedRandom, shuffled } from '../core/random.ts';
import { runbooksDocument, stillHolds } from '../core/runbook/many.ts';
import type { World } from '../core/world.ts';
import { cataloguesFor, clock, hostFacts, reportsDir } from '../main.ts';
import { earlierValidations } from '../modes/runbook/earlier.ts';
import type { ValidatedMany } from '../modes/runbook/validate-many.ts';
import { renderRunbooks } from '../reporters/console/runbook.ts';
import { badFile } from './common/bad-file.ts';
import { examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { lintedRunbooks } from './common/linted-runbooks.ts';
import { print } from './common/output.ts';
import { digestOfRunbook, type OnTopology, onTopologies, validateOn } from './common/validate-runbooks.ts';

interface Flags {
  readonly json: boolean;
  readonly seed: string;
  readonly within?: string;
  readonly resume: boolean;
  readonly reports?: string;
  readonly keep: boolean;
}

/** Adds the verb `validate`. */
export function addValidate(runbook: Command, world: World, exit: (code: number) => void): void {
  runbook
    .command('validate')
    .description(
      'bring the failure about three to five times with hands off and three to five times with what the runbook says, in random order',
    )
    .argument('[runbooks...]', 'names or files; default: all of runbooks/')
    .option('--seed <number>', 'the seed of the order of the runbooks and of their arms', '1')
    .option('--within <time>', 'begin no runbook and no more arms for which this time does not suffice: 75m')
    .option(
      '--resume',
      'validate only what no earlier validation in the reports has decided, for the same text and the same commit',
      false,
    )
    .option(
      '--reports <dir>',
      'the folder that receives the folders of the validation and its runs (default: reports/)',
    )
    .option('--keep', 'keep the topology up when this command brought it up', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos runbook validate redis-full', 'chaos runbook validate --within 75m', 'chaos runbook validate --within 75m --resume --json')}

proven: it comes back within its promise, and hands off it does not, or later. unproven: it heals by itself as fast. broken: a command fails, or
it does not come back in time. harmful: worse than hands off. misleading: it confirms on a sound system, or says "it worked" on a broken one.
stale: a command, a name or a text in it is not there any more.
Exit codes: 0 proven; 1 broken, harmful or misleading; 2 bad input; 3 not ready; 4 unproven, stale, INCONCLUSIVE or not begun; 6 something could
not be put back; 130 Ctrl-C`,
    )
    .action(async (names: readonly string[], flags: Flags) => exit(await validate(names, flags, world)));
}

async function validate(names: readonly string[], flags: Flags, world: World): Promise<number> {
  const [seed, within] = [seedIn(flags), withinIn(flags)];
  const known = await cataloguesFor([], world.cwd);
  const { runbooks, problems } = lintedRunbooks(names, known, world);
  if (problems.length > 0) throw badFile(problems, world);
  const reports = flags.reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, flags.reports);
  const { commit: head, dirty } = await hostFacts(world.root, world.command);
  const commit = head === '' ? '' : `${head}${dirty ? ' + changes' : ''}`;
  const begun = clock.now();
  const earlier = flags.resume ? earlierValidations(reports) : [];
  const held = runbooks.map((runbook) => ({
    runbook,
    document: stillHolds({ digest: digestOfRunbook(runbook), commit }, earlier),
  }));
  const open = held.filter(({ document }) => document === undefined).map(({ runbook }) => runbook);
  const done: ValidatedMany[] = [{ documents: held.flatMap(({ document }) => document ?? []), notBegun: [] }];
  const on: OnTopology = { known, reports, seed, commit, keep: flags.keep, until: begun + within };
  const ordered = shuffled(open, namedRandom(seed, 'runbooks'));
  for (const group of onTopologies(ordered, known, world)) done.push(await validateOn(group, on, done, world));
  const took_s = (clock.now() - begun) / 1_000;
  const documents = done.flatMap((some) => some.documents);
  const document = runbooksDocument({
    commit,
    seed,
    took_s,
    documents,
    notBegun: done.flatMap(({ notBegun }) => notBegun),
  });
  const [only, ...more] = runbooks.length === 1 ? document.runbooks : [];
  if (flags.json) print(world, only !== undefined && more.length === 0 ? only : document);
  else if (runbooks.length > 1) world.err.write(renderRunbooks(document, world.err));
  return document.exit_code;
}

function seedIn({ seed }: Flags): number {
  const number = Number(seed);
  if (Number.isSafeInteger(number)) return number;
  throw badFlag(`--seed ${seed} is no whole number`, 'Write for example --seed 1.');
}

function withinIn({ within }: Flags): number {
  if (within === undefined) return Infinity;
  const ms = parseDuration(within);
  if (ms !== undefined && ms > 0) return ms;
  throw badFlag(`--within ${within} is no time`, 'Write for example --within 75m.');
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODE } from '../core/exits.ts';
import { seededRandom } from '../core/random.ts';
import { type RunbookDocument, runbookDocument } from '../core/runbook/document.ts';
import type { World } from '../core/world.ts';
import { type Catalogues, cataloguesFor, clock, reportsDir, sessionParts, versionOf } from '../main.ts';
import { validateRunbook } from '../modes/runbook/validate.ts';
import { beginValidation, writeValidation } from '../modes/runbook/write.ts';
import type { ReadRunbook } from '../plan/index.ts';
import { renderRunbook, renderRunbooks } from '../reporters/console/runbook.ts';
import { runbookPage } from '../reporters/html/runbook-page.ts';
import { openSession } from '../session/open-session.ts';
import { endAtSignals } from '../session/signals.ts';
import type { Session } from '../session/session.ts';
import { badFile } from './common/bad-file.ts';
import { examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { armPlan, armsIn } from './common/runbook-arms.ts';
import { lintedRunbooks } from './common/linted-runbooks.ts';

interface Flags {
  readonly json: boolean;
  readonly seed: string;
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
    .option('--seed <number>', 'the seed of the order of the arms', '1')
    .option(
      '--reports <dir>',
      'the folder that receives the folders of the validation and its runs (default: reports/)',
    )
    .option('--keep', 'keep the topology up when this command brought it up', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos runbook validate redis-full', 'chaos runbook validate --keep', 'chaos runbook validate runbooks/redis-full.md --json')}

proven: it comes back within its promise, and hands off it does not, or later. unproven: it heals by itself as fast. broken: a command fails, or
it does not come back in time. harmful: worse than hands off. misleading: it confirms on a sound system, or says "it worked" on a broken one.
stale: a command, a name or a text in it is not there any more.
Exit codes: 0 proven; 1 broken, harmful or misleading; 2 bad input; 3 not ready; 4 unproven, stale or INCONCLUSIVE; 6 something could not be put
back; 130 Ctrl-C`,
    )
    .action(async (names: readonly string[], flags: Flags) => exit(await validate(names, flags, world)));
}

async function validate(names: readonly string[], flags: Flags, world: World): Promise<number> {
  const seed = Number(flags.seed);
  if (!Number.isSafeInteger(seed))
    throw badFlag(`--seed ${flags.seed} is no whole number`, 'Write for example --seed 1.');
  const known = await cataloguesFor([], world.cwd);
  const { runbooks, problems } = lintedRunbooks(names, known, world);
  if (problems.length > 0) throw badFile(problems, world);
  const reports = flags.reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, flags.reports);
  const documents: RunbookDocument[] = [];
  for (const group of Map.groupBy(runbooks, ({ experiment }) => experiment).values()) {
    documents.push(...(await inSession(group, { known, reports, seed, keep: flags.keep }, world)));
    const last = documents.at(-1)?.verdict;
    if (last === 'NOT RESTORED' || last === 'INTERRUPTED') break;
  }
  const [only, ...more] = documents;
  // What was not begun proves nothing: a person has ended it, or something could not be put back.
  const code = worstExit(documents, documents.length < runbooks.length ? EXIT_CODE.interrupted : EXIT_CODE.pass);
  if (flags.json)
    print(
      world,
      only !== undefined && more.length === 0 ? only : { schema_version: 1, exit_code: code, runbooks: documents },
    );
  else if (more.length > 0) world.err.write(renderRunbooks(documents, world.err));
  return code;
}

interface Asked {
  readonly known: Catalogues;
  readonly reports: string;
  readonly seed: number;
  readonly keep: boolean;
}

/** Validates runbooks on one topology, one after another, in one session. Ends early when it is interrupted. */
async function inSession(runbooks: readonly ReadRunbook[], asked: Asked, world: World): Promise<RunbookDocument[]> {
  const [first] = runbooks;
  if (first === undefined) return [];
  const { known, reports, keep } = asked;
  const say = (line: string): void => world.err.write(`${line}\n`);
  const { topology } = armPlan(first, 'control', known, world);
  await using session = await openSession(topology, sessionParts({ ...world, known, reports, say }), { keep });
  using _signals = endAtSignals({ world, session, clock });
  const documents: RunbookDocument[] = [];
  for (const runbook of runbooks) {
    if (session.interruptedBy !== undefined) break;
    const document = await one(runbook, session, asked, world);
    documents.push(document);
    world.err.write(renderRunbook(document, world.err));
    if (document.verdict === 'NOT RESTORED') break;
  }
  return documents;
}

async function one(
  runbook: ReadRunbook,
  session: Session,
  { known, reports, seed }: Asked,
  world: World,
): Promise<RunbookDocument> {
  const started = clock.wall();
  const folder = beginValidation(reports, runbook.name, runbook.title, started);
  const say = (line: string): void => world.err.write(`${runbook.name}: ${line}\n`);
  const { arms, decision } = await validateRunbook(runbook, {
    run: armsIn(session, runbook, known, world),
    interrupted: () => session.interruptedBy !== undefined,
    random: seededRandom(seed),
    say,
  });
  const document = runbookDocument(runbook, arms, decision, { ...folder, started, ended: clock.wall() });
  writeValidation(document, { file: 'index.html', text: runbookPage(document, versionOf(world.root)) });
  return document;
}

/** The worst comes first. */
const ORDER = [6, 130, 1, 4, 0];

function worstExit(documents: readonly RunbookDocument[], ended: number): number {
  const codes = [...documents.map(({ exit_code: code }) => code), ended];
  return ORDER.find((code) => codes.includes(code)) ?? EXIT_CODE.pass;
}

import { resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { formatDuration } from '../core/duration.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { longestMs } from '../core/plan/plan.ts';
import { suiteDocument } from '../core/suite/document.ts';
import { suiteState } from '../core/suite/state.ts';
import type { Suite } from '../core/suite/suite.ts';
import type { World } from '../core/world.ts';
import { type Catalogues, cataloguesFor, clock, compose, reportsDir, versionOf } from '../main.ts';
import { beginSuite, resumeSuite } from '../modes/suite/open-record.ts';
import { runSuite } from '../modes/suite/run-suite.ts';
import { readSuiteEvents } from '../modes/suite/suite-record.ts';
import { writeSuite } from '../modes/suite/write-suite.ts';
import { composeMissing, readExperiment, readSuite, renderProblems } from '../plan/index.ts';
import { folderOf, nameFolder } from '../record/folders.ts';
import { renderSuite } from '../reporters/console/suite.ts';
import { actionsInWords, gapsInWords } from '../reporters/wording/suite.ts';
import { suiteReporters } from '../reporters/suite/index.ts';
import { badFile } from './common/bad-file.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { withDueActions, withRecordedActions } from './common/suite-actions.ts';
import { withGaps, withRecordedGaps } from './common/suite-gaps.ts';
import { suiteParts } from './common/suite-parts.ts';
import { watchBeside } from './common/watch-beside.ts';

interface Flags {
  readonly json: boolean;
  readonly plan: boolean;
  readonly watch: boolean;
  readonly resume?: string | true;
  readonly reports?: string;
  readonly junit?: string;
  readonly ctrf?: string;
  readonly summary?: string;
}

export const suiteCommand: AddCommand = (program, world, exit) => {
  program
    .command('suite')
    .description(
      'run many experiments, one after another, each from a clean state; what was not run is listed with its reason',
    )
    .argument('<suite>', 'a suite file')
    .option('--plan', 'print what would run, in which order and how long it takes at most; touches nothing', false)
    .option(
      '--resume [suite]',
      'go on with a suite that was ended early, the newest by default: what is done is not done again',
    )
    .option('--reports <dir>', 'the folder that receives the folders of the suite and its runs (default: reports/)')
    .option('--junit <file>', 'also write the JUnit file of the whole suite here')
    .option('--ctrf <file>', 'also write the test report of the whole suite here, as CTRF (ctrf.io)')
    .option('--summary <file>', 'also write the summary of the whole suite here, as Markdown')
    .option('--watch', 'show the run at work on a page of this machine: its link is printed', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos suite experiments/suites/smoke.yaml',
        'chaos suite experiments/suites/nightly.yaml --plan',
        'chaos suite experiments/suites/nightly.yaml --resume',
      )}

Exit codes: 0 every experiment passed; 1 an experiment failed; 2 bad input; 3 not ready; 4 unstable, or nothing was proven;
5 aborted; 6 something could not be put back; 130, 143 ended by a signal (\`--resume\` goes on)`,
    )
    .action(async (file: string, flags: Flags) => exit(await suite(resolve(world.cwd, file), flags, world)));
};

async function suite(file: string, flags: Flags, world: World): Promise<number> {
  const known = await cataloguesFor([], world.cwd);
  const named = suiteOrExplain(file, known, world);
  const reports = flags.reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, flags.reports);
  const resumed =
    flags.resume === undefined
      ? undefined
      : folderOf(flags.resume === true ? 'latest' : flags.resume, { reports, kinds: ['suite'] });
  const fresh = nameFolder(reports, `suite-${named.name}`);
  const planned =
    resumed === undefined
      ? withDueActions(await withGaps(named, { dir: fresh.dir, reports, known }, world), { reports, known }, world)
      : withRecorded(named, resumed, known, world);
  if (flags.plan) {
    const document = planDocument(planned);
    if (flags.json) print(world, document);
    else world.out.write(planText(document));
    return 0;
  }
  using record = resumed === undefined ? beginSuite(planned, fresh, clock) : resumeSuite(planned, resumed, clock);
  using page = flags.watch ? watchBeside(reports, world) : undefined;
  using parts = suiteParts({ world, known, reports, watching: page === undefined ? [] : [page.subscriber] });
  await runSuite(planned, record, parts);
  record.add({ kind: 'suite.ended' });
  const document = suiteDocument(record.state, record.dir, planned.quarantines);
  const also = { junit: flags.junit, ctrf: flags.ctrf, summary: flags.summary };
  writeSuite(document, suiteReporters(versionOf(world.root)), { also, cwd: world.cwd });
  if (flags.json) print(world, document);
  else world.err.write(renderSuite(document, world.err));
  return document.verdict === 'INTERRUPTED' ? EXIT_CODE[parts.endedBy() ?? 'interrupted'] : document.exit_code;
}

/** Returns a suite together with what joined it when it began. */
function withRecorded(suite: Suite, dir: string, known: Catalogues, world: World): Suite {
  const recorded = suiteState(readSuiteEvents(dir))?.entries ?? [];
  return withRecordedActions(withRecordedGaps(suite, recorded, { dir, known }, world), recorded, { known }, world);
}

/** Returns the suite in a file. Warnings go to stderr. Throws BadExperiment with every mistake. */
function suiteOrExplain(file: string, known: Catalogues, world: World): Suite {
  const {
    suite: read,
    problems,
    warnings,
  } = readSuite({
    file,
    env: world.env,
    read: (options) => readExperiment({ ...options, ...known, compose }),
  });
  if (warnings.length > 0) world.err.write(renderProblems(warnings, world.cwd));
  if (problems.length > 0) throw badFile(problems, world);
  if (read === undefined) throw composeMissing();
  if (read.entries.length === 0 && read.gaps === undefined && read.actions === undefined)
    throw new ChaosError('CHAOS_SUITE_EMPTY', {
      what: `${file} names no experiment`,
      hint: 'Name a file or a tag.',
      exit: 'bad-input',
    });
  return read;
}

const planDocument = ({ title, entries, budgetMs }: Suite) => ({
  schema_version: 1,
  title,
  budget_s: budgetMs === undefined ? null : budgetMs / 1_000,
  longest_s: entries.reduce((sum, { plan }) => sum + longestMs(plan), 0) / 1_000,
  experiments: entries.map(({ key, plan, again, expect, fills, due, text }) => ({
    key,
    experiment: plan.name,
    title: plan.title,
    longest_s: longestMs(plan) / 1_000,
    again,
    must_fail_by: expect?.check ?? null,
    fills: fills ?? [],
    shows: due ?? [],
    generated: text !== undefined,
  })),
});

function planText({ title, experiments, longest_s, budget_s }: ReturnType<typeof planDocument>): string {
  const time = (seconds: number): string => formatDuration(seconds * 1_000);
  const rows = experiments.map(({ key, longest_s: longest, must_fail_by, fills, shows, generated }, i) => {
    const control = must_fail_by === null ? '' : `; must fail by "${must_fail_by}"`;
    const gaps = fills.length === 0 ? '' : `; ${generated ? 'generated, ' : ''}${gapsInWords(fills)}`;
    return `${String(i + 1).padStart(3)}  ${key} (${time(longest)} at most${control}${gaps}${shows.length === 0 ? '' : `; ${actionsInWords(shows)}`})\n`;
  });
  const budget = budget_s === null ? '' : `, and ${time(budget_s)} are there`;
  return `${title}\n${rows.join('')}${experiments.length} experiments; their phases take ${time(longest_s)} at most${budget}\n`;
}

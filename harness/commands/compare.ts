import { resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { judgeFolder } from '../engine/finish.ts';
import { catalogue, reportsDir } from '../main.ts';
import { compare, type Finding, overall } from '../measure/compare.ts';
import { loadDocument, readLoad } from '../measure/load-folder.ts';
import { type Measured, measuredLoad, measuredRun, scopesOf, unlike } from '../measure/sides.ts';
import { renderComparison } from '../reporters/compare-console.ts';
import { type AddCommand, examples } from './command.ts';
import { badFlag } from './load-options.ts';
import { print } from './output.ts';
import { folderOf, kindOf } from './runs.ts';

const EXITS: Readonly<Record<Finding, keyof typeof EXIT_CODE>> = {
  slower: 'fail',
  faster: 'pass',
  'no difference': 'pass',
  'too little evidence': 'inconclusive',
};

interface Flags {
  readonly json: boolean;
  readonly least: string;
  readonly reports?: string;
}

export const compareCommand: AddCommand = (program, world, exit) => {
  program
    .command('compare')
    .description('tell whether B is slower than A: two loads, or two runs of one experiment, with bounds')
    .argument('<a>', 'before: a load or run, its folder, or several with commas between them')
    .argument('<b>', 'after: the same; `latest` is the last one')
    .option('--least <percent>', 'smallest change of a latency that matters', '10%')
    .option('--reports <dir>', 'where the folders are')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos compare 2174 latest', 'chaos compare 2174,80ab,91c3 d01f,55e0,latest --json')}

With one run a side the bounds come from blocks within the run and know nothing of how runs differ among themselves:
give three or more a side (names with commas) where that matters, and see \`chaos calibrate EXPERIMENT\`.

Exit codes: 0 faster, or no difference that can be seen; 1 slower, or more errors; 4 too little evidence; 2 bad input`,
    )
    .action((a: string, b: string, flags: Flags) => exit(compared(a, b, flags, world)));
};

function compared(a: string, b: string, flags: Flags, world: World): number {
  const least = /^\d+(?:\.\d+)?%$/.test(flags.least) ? Number(flags.least.slice(0, -1)) / 100 : NaN;
  if (!(least > 0 && least <= 1)) throw badFlag(`--least ${flags.least} is no percentage`, 'Write 10%.');
  const reports = flags.reports ?? reportsDir(world.root, world.env);
  const [before, after] = [measuredAll(a, reports), measuredAll(b, reports)];
  const all = [...before, ...after];
  const comparisons = compare(scopesOf(before, after), { least });
  const invalid = all.flatMap(({ run, invalid }) => invalid.map((why) => `${run}: ${why}`));
  const verdict: Finding = invalid.length > 0 ? 'too little evidence' : overall(comparisons);
  const document = {
    schema_version: 1,
    verdict,
    exit_code: EXIT_CODE[EXITS[verdict]],
    a: before.map(({ run }) => run),
    b: after.map(({ run }) => run),
    unit: before.length > 1 && after.length > 1 ? 'runs' : 'blocks within a run',
    least,
    comparisons,
    notes: unlike(before, after),
    invalid,
  };
  if (flags.json) print(world, document);
  else world.out.write(renderComparison(document));
  return document.exit_code;
}

const measuredAll = (names: string, reports: string): Measured[] =>
  names.split(',').map((name) => measured(resolve(folderOf(name, reports, ['load', 'experiment']))));

function measured(dir: string): Measured {
  if (kindOf(dir) === 'load') {
    const history = readLoad(dir);
    const { invalid, reason } = loadDocument(history, dir);
    return measuredLoad(history, [
      ...(reason === undefined ? [] : [reason]),
      ...invalid.map((i) => `${i.code} ${i.message}`),
    ]);
  }
  const { history, document } = judgeFolder(dir, catalogue);
  return measuredRun(
    history,
    document.invalid.map((i) => `${i.code} ${i.message}`),
  );
}

import { resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { judgeFolder } from '../judge/folder.ts';
import { type Catalogues, cataloguesFor } from '../main.ts';
import { compare, type Finding, overall } from '../modes/compare/compare.ts';
import { loadDocument, readLoad } from '../modes/load/load-folder.ts';
import { type Measured, measuredLoad, measuredRun, scopesOf, unlike } from '../modes/compare/sides.ts';
import { renderComparison } from '../reporters/console/compare.ts';
import { type AddCommand, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { runFolder } from './common/run-folder.ts';
import { kindOf } from '../record/folders.ts';

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
    .description('say whether B is slower than A: two loads, or two runs of one experiment, with bounds')
    .argument('<a>', 'before: a load, a run or its folder; several are separated by commas')
    .argument('<b>', 'after: in the same form; `latest` names the last load or run')
    .option('--least <percent>', 'the smallest change of a latency that matters', '10%')
    .option('--reports <dir>', 'the folder that holds the runs and loads')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos compare 2174 latest', 'chaos compare 2174,80ab,91c3 d01f,55e0,latest --json')}

With one run on each side, the bounds come from blocks within the run. They say nothing about the differences between
runs. Where that matters, give three or more runs on each side, and see \`chaos calibrate EXPERIMENT\`.

Exit codes: 0 faster, or no visible difference; 1 slower, or more errors; 4 too little evidence; 2 bad input`,
    )
    .action(async (a: string, b: string, flags: Flags) =>
      exit(compared(a, b, flags, await cataloguesFor([], world.cwd), world)),
    );
};

function compared(a: string, b: string, flags: Flags, known: Catalogues, world: World): number {
  const least = /^\d+(?:\.\d+)?%$/.test(flags.least) ? Number(flags.least.slice(0, -1)) / 100 : NaN;
  if (!(least > 0 && least <= 1))
    throw badFlag(`--least ${flags.least} is no percentage`, 'Write for example 10%, at most 100%.');
  const side = (names: string): Measured[] =>
    names
      .split(',')
      .map((name) => measured(resolve(runFolder(name, ['load', 'experiment'], world, flags.reports)), known));
  const [before, after] = [side(a), side(b)];
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

function measured(dir: string, known: Catalogues): Measured {
  if (kindOf(dir) === 'load') {
    const history = readLoad(dir);
    const { invalid, reason } = loadDocument(history, dir);
    return measuredLoad(history, [
      ...(reason === undefined ? [] : [reason]),
      ...invalid.map((i) => `${i.code} ${i.message}`),
    ]);
  }
  const { history, document } = judgeFolder(dir, known);
  return measuredRun(history, [
    ...(document.reason === undefined ? [] : [document.reason]),
    ...document.invalid.map((i) => `${i.code} ${i.message}`),
  ]);
}

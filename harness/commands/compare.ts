import { resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { judgeFolder } from '../judge/folder.ts';
import { type Catalogues, cataloguesFor } from '../main.ts';
import { compare, type Finding, overall } from '../modes/compare/compare.ts';
import { loadDocument, readLoad } from '../modes/load/load-folder.ts';
import { type Measured, measuredLoad, measuredRun, scopesOf, unlike } from '../modes/compare/sides.ts';
import { renderComparison } from '../reporters/console/compare.ts';
import { renderGate } from '../reporters/console/gate.ts';
import { type AddCommand, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { againstOf, gated } from './compare-gate.ts';
import { runFolder } from './common/run-folder.ts';
import { kindOf } from '../record/folders.ts';

const EXITS: Readonly<Record<Finding, keyof typeof EXIT_CODE>> = {
  slower: 'fail',
  faster: 'pass',
  'no difference': 'pass',
  'too little evidence': 'inconclusive',
};

interface Flags {
  readonly against?: string;
  readonly gate: boolean;
  readonly json: boolean;
  readonly least: string;
  readonly reports?: string;
}

export const compareCommand: AddCommand = (program, world, exit) => {
  program
    .command('compare')
    .description('say whether B is slower than A: two loads, or two runs of one experiment, with bounds')
    .argument(
      '[a]',
      'before: a load, a run or its folder; several are separated by commas; with --against: the run itself',
    )
    .argument('[b]', 'after: in the same form; `latest` names the last load or run')
    .option('--against <base>', 'compare a run (default: latest) with: a run, commit:abc123 (its runs), or last-good')
    .option('--gate', 'with --against: call nothing a regression before 5 + 5 interleaved reruns show it too', false)
    .option('--least <percent>', 'the smallest change of a latency that matters', '10%')
    .option('--reports <dir>', 'the folder that holds the runs and loads')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos compare 2174 latest', 'chaos compare 2174,80ab,91c3 d01f,55e0,latest --json', 'chaos compare --against last-good --gate')}

With one run on each side, the bounds come from blocks within the run. They say nothing about the differences between
runs. Where that matters, give three or more runs on each side, and see \`chaos calibrate EXPERIMENT\`.

With --gate, the figures of all checks are compared, also with their history. When one looks worse, the experiment is run five
times on the code of each side, interleaved, in the images that the runs had. docs/trends.md says how often the answer is wrong.

Exit codes: 0 faster, or no visible difference; 1 slower, or more errors; 4 too little evidence; 2 bad input
With --gate: 0 no regression; 1 a regression, confirmed by reruns; 4 it cannot tell: then it says why`,
    )
    .action(async (a: string | undefined, b: string | undefined, flags: Flags) => {
      const known = await cataloguesFor([], world.cwd);
      exit(
        await (flags.against === undefined
          ? sides(a, b, flags, known, world)
          : against(flags.against, a, b, flags, known, world)),
      );
    });
};

async function against(
  base: string,
  run = 'latest',
  more: string | undefined,
  flags: Flags,
  known: Catalogues,
  world: World,
): Promise<number> {
  if (more !== undefined) throw badFlag('--against is side A, so only one run can be named', 'Leave one run out.');
  const found = againstOf(base, run, flags.reports, known, world);
  if (!flags.gate) return compared(found.base.map(({ dir }) => dir).join(','), found.now.dir, flags, known, world);
  const document = await gated(found, known, world);
  if (flags.json) print(world, document);
  else world.out.write(renderGate(document));
  return document.exit_code;
}

function sides(a: string | undefined, b: string | undefined, flags: Flags, known: Catalogues, world: World): number {
  if (a === undefined || b === undefined)
    throw badFlag('two sides are needed', 'Write `chaos compare A B`, or `chaos compare --against last-good`.');
  if (flags.gate) throw badFlag('--gate needs --against', 'Write `chaos compare --against last-good --gate`.');
  return compared(a, b, flags, known, world);
}

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

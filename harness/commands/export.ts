import { resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import { secretsOf } from '../core/text/secrets.ts';
import type { World } from '../core/world.ts';
import { writeInPieces } from '../disk/in-pieces.ts';
import { judgeFolder } from '../judge/folder.ts';
import { cataloguesFor, clock, reportsDir } from '../main.ts';
import { exported, type Form } from '../modes/export/export.ts';
import { TABLE_NAMES, type TableName } from '../modes/export/tables.ts';
import { listRuns } from '../record/folders.ts';
import { onAskedFile } from './common/asked-file.ts';
import { badFlag } from './common/load-options.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { passedOver } from './common/run-folder.ts';
import { momentOf } from './common/moment-of.ts';

interface Flags {
  readonly format: string;
  readonly table: readonly string[];
  readonly since?: string;
  readonly out?: string;
  readonly reports?: string;
}

export const exportCommand: AddCommand = (program, world, exit) => {
  program
    .command('export')
    .description('print what the recorded runs say as tables, oldest run first: CSV (RFC 4180) or JSON lines')
    .option('--format <format>', 'csv or ndjson', 'ndjson')
    .option('--table <name>', `${TABLE_NAMES.join(', ')} (repeatable in ndjson, where all is the default)`, append, [])
    .option('--since <date or age>', 'only runs that began since: 2026-11-24, 2026-11-24T04:30Z, 12h, 30d, 2w')
    .option('--out <file>', 'write a file instead of stdout; it appears when it is whole')
    .option('--reports <dir>', 'the folder that holds the runs')
    .addHelpText(
      'after',
      `${examples('chaos export --format csv --table checks --out checks.csv', 'chaos export --since 30d')}

Every run is judged again from its record. A run that cannot be read is named on stderr and left out, as is a run that is
still at work. In ndjson each line has its table in \`table\`.`,
    )
    .action(async (flags: Flags) => {
      const known = await cataloguesFor([], world.cwd);
      const pieces = exported({
        dirs: runsSince(flags, world),
        form: formOf(flags),
        judge: (dir) => judgeFolder(dir, known),
        redact: secretsOf(world.env),
        passOver: passedOver(world),
      });
      const { out } = flags;
      if (out === undefined) for (const piece of pieces) world.out.write(piece);
      else onAskedFile(out, () => writeInPieces(resolve(world.cwd, out), pieces));
      exit(EXIT_CODE.pass);
    });
};

function formOf({ format, table }: Flags): Form {
  const tables = table.map(tableNamed);
  if (format === 'ndjson') return { format, tables: tables.length === 0 ? TABLE_NAMES : [...new Set(tables)] };
  if (format !== 'csv') throw badFlag(`--format ${format} is unknown`, 'Write csv or ndjson.');
  const [only, ...others] = tables;
  if (only !== undefined && others.length === 0) return { format, table: only };
  throw badFlag('a file of CSV has one table', `Write --table and one of ${TABLE_NAMES.join(', ')}.`);
}

function tableNamed(name: string): TableName {
  const found = TABLE_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  throw badFlag(`there is no table "${name}"`, `Write one of ${TABLE_NAMES.join(', ')}.`);
}

/** Returns the folders of the runs that have ended, as absolute paths, oldest first. */
function runsSince({ since, reports }: Flags, world: World): string[] {
  const folder = reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, reports);
  const from = since === undefined ? -Infinity : momentOf('--since', since, clock.wall());
  return listRuns(folder, passedOver(world))
    .filter(({ kind, verdict }) => kind === 'experiment' && verdict !== 'RUNNING')
    .filter(({ started }) => Date.parse(started) >= from)
    .map(({ dir }) => dir);
}

import { resolve } from 'node:path';
import { parseAge } from '../core/age.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { clock, reportsDir, resultStore, runsToHeal } from '../main.ts';
import { type Chosen, choose } from '../modes/prune/choose.ts';
import { KEEPERS } from '../modes/prune/keepers/index.ts';
import { bytesOf, recordedOf } from '../modes/prune/recorded.ts';
import { removeAll } from '../modes/prune/remove.ts';
import { readCoveredRuns } from '../record/covered-runs.ts';
import { listRuns, type Unreadable } from '../record/folders.ts';
import { readSummaries } from '../record/summaries.ts';
import { type AddCommand, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { passedOver } from './common/run-folder.ts';

interface Flags {
  readonly olderThan: string;
  readonly keep: string;
  readonly yes: boolean;
  readonly json: boolean;
  readonly reports?: string;
}

export const pruneCommand: AddCommand = (program, world, exit) => {
  program
    .command('prune')
    .description('list the old runs, loads and noise figures that could go, with their sizes; remove them with --yes')
    .requiredOption('--older-than <age>', 'only what began longer ago: 48h, 90d, 12w')
    .option('--keep <n>', 'how many of each experiment stay, the newest ones', '1')
    .option('--yes', 'remove what is listed; without it, nothing is removed', false)
    .option('--reports <dir>', 'the folder that holds the runs')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos prune --older-than 90d', 'chaos prune --older-than 90d --keep 10 --yes')}

These stay, however old: the newest of each experiment, its newest PASS, what is at work, what is not restored or has no
verdict, the runs from which noise figures were made, the runs that show a change in a trend, and the newest run that proved or
failed each fault in the coverage. A folder that cannot be read is named, and stays.
Rows in the results database go with their run. Exit codes: 0; 3 the results database does not answer, nothing is removed`,
    )
    .action(async (flags: Flags) => {
      const { yes, json } = flags;
      const olderThanMs = parseAge(flags.olderThan);
      if (olderThanMs === undefined)
        throw badFlag(`--older-than ${flags.olderThan} is no age`, 'Write for example 48h, 90d or 12w.');
      const keep = Number(flags.keep);
      if (!Number.isSafeInteger(keep) || keep < 1)
        throw badFlag(`--keep ${flags.keep} is not possible`, 'Write a whole number from 1: the newest always stays.');
      const { reports, chosen, unreadable } = chosenBelow(flags.reports, { olderThanMs, keep }, world);
      const goes = chosen.filter((one) => one.goes).map((one) => ({ ...one, bytes: bytesOf(one.recorded.dir) }));
      const stays = chosen.filter((one) => !one.goes);
      if (yes && goes.length > 0)
        await removeAll(
          reports,
          goes.map(({ recorded }) => recorded),
          () => resultStore(reports, world.env, (message) => world.err.write(`warning: ${message}\n`)),
        );
      if (json)
        print(world, { schema_version: 1, removed: yes, goes: goes.map(row), stays: stays.map(row), unreadable });
      else world.out.write(textOf(goes, stays, yes));
      exit(EXIT_CODE.pass);
    });
};

function chosenBelow(
  asked: string | undefined,
  limits: { readonly olderThanMs: number; readonly keep: number },
  world: World,
): { readonly reports: string; readonly chosen: readonly Chosen[]; readonly unreadable: readonly Unreadable[] } {
  const reports = asked === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, asked);
  const unreadable: Unreadable[] = [];
  const all = listRuns(reports, (folder) => unreadable.push(folder)).map(recordedOf);
  unreadable.forEach(passedOver(world));
  const chosen = choose({
    all,
    ...limits,
    open: runsToHeal(world.env),
    summaries: readSummaries(reports),
    covered: readCoveredRuns(reports),
    now: clock.wall(),
    keepers: KEEPERS,
  });
  return { reports, chosen, unreadable };
}

const row = ({ recorded, reason, bytes }: Chosen & { readonly bytes?: number }): object => {
  const { run, title, verdict, started, dir } = recorded;
  return { run, title, verdict, started, dir, reason, ...(bytes === undefined ? {} : { bytes }) };
};

const MIB = 1_048_576;
const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

function textOf(
  goes: readonly (Chosen & { readonly bytes: number })[],
  stays: readonly Chosen[],
  removed: boolean,
): string {
  const sum = mib(goes.reduce((total, { bytes }) => total + bytes, 0));
  const lines = [
    ...stays.map(({ recorded: { run }, reason }) => `stays  ${run} ${reason}`),
    ...goes.map(({ recorded: { run }, reason, bytes }) => `goes   ${run} ${reason}, ${mib(bytes)}`),
    goes.length === 0
      ? 'nothing is old enough to go'
      : removed
        ? `${goes.length} removed, ${sum}`
        : `${goes.length} would go, ${sum}: the same command with --yes removes them`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { gamedayState } from '../core/gameday/state.ts';
import type { World } from '../core/world.ts';
import { versionOf } from '../main.ts';
import { readGamedayEvents } from '../modes/gameday/gameday-record.ts';
import { writeGameday } from '../modes/gameday/write.ts';
import { headerOf, listed } from '../record/folders.ts';
import { gamedayReporters } from '../reporters/gameday/index.ts';
import { examples } from './common/command.ts';
import { print } from './common/output.ts';
import { runFolder } from './common/run-folder.ts';

interface Flags {
  readonly reports?: string;
  readonly json: boolean;
}

/** Adds the verb `report`. */
export function addReport(gameday: Command, world: World, exit: (code: number) => void): void {
  gameday
    .command('report')
    .description(
      'write the after-action report of a game day again from its record: report.html, report.md, and its actions as actions.md, .csv and .json',
    )
    .argument('[gameday]', 'a game day, its folder, or `latest`', 'latest')
    .option('--reports <dir>', 'the folder that holds the folders of game days (default: reports/)')
    .option('--json', "print the game day's document on stdout", false)
    .addHelpText(
      'after',
      `${examples('chaos gameday report', 'chaos gameday report reports/20261128T090000Z-gameday-first-time-3f9a')}

Exit codes: 0 written; 2 there is no such game day, it is still held, or its record has no beginning; 3 it cannot be written`,
    )
    .action((name: string, flags: Flags) => {
      const dir = resolve(world.cwd, runFolder(name, ['gameday'], world, flags.reports));
      if (listed(headerOf(dir, 'gameday'), 'gameday', dir).verdict === 'RUNNING') throw stillHeld(dir);
      const events = readGamedayEvents(dir);
      const state = gamedayState(events);
      if (state === undefined) throw noBeginning(dir);
      const reporters = gamedayReporters(versionOf(world.root));
      const document = writeGameday({ dir, state, events }, dirname(dir), reporters);
      if (flags.json) print(world, document);
      else world.out.write(`${reporters.map(({ file }) => join(dir, file)).join('\n')}\n`);
      exit(EXIT_CODE.pass);
    });
}

const stillHeld = (dir: string): ChaosError =>
  new ChaosError('CHAOS_GAMEDAY_STATE', {
    what: `the game day in ${dir} is still held`,
    hint: 'Its report is written when it is closed.',
    exit: 'bad-input',
  });

const noBeginning = (dir: string): ChaosError =>
  new ChaosError('CHAOS_RECORD_DAMAGED', {
    what: `the record in ${dir} has no beginning`,
    hint: 'gameday.ndjson begins with the event "opened". Without it nothing is known of the day.',
    exit: 'bad-input',
  });

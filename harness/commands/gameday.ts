import { type AddCommand, examples } from './common/command.ts';
import { addHold } from './gameday-hold.ts';
import { addLint } from './gameday-lint.ts';
import { addRehearse } from './gameday-rehearse.ts';
import { addReport } from './gameday-report.ts';
import { addResume } from './gameday-resume.ts';

export const gamedayCommand: AddCommand = (program, world, exit) => {
  const gameday = program
    .command('gameday')
    .description(
      'an exercise: one person breaks something, others find it, understand it and end it; pages for each role, times of machines and people, and an after-action report',
    )
    .addHelpText('after', examples('chaos gameday experiments/gamedays/first-time.yaml', 'chaos gameday hold --help'));
  addHold(gameday, world, exit);
  addLint(gameday, world, exit);
  addRehearse(gameday, world, exit);
  addResume(gameday, world, exit);
  addReport(gameday, world, exit);
};

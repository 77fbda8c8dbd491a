import type { AddCommand } from './common/command.ts';
import { addLint } from './alerts-lint.ts';
import { addProve } from './alerts-prove.ts';

export const alertsCommand: AddCommand = (program, world, exit) => {
  const alerts = program
    .command('alerts')
    .description('whether alert rules can ring, do ring when they should, and reach a person');
  addLint(alerts, world, exit);
  addProve(alerts, world, exit);
};

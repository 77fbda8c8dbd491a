import type { AddCommand } from './common/command.ts';
import { addProve } from './alerts-prove.ts';

export const alertsCommand: AddCommand = (program, world, exit) => {
  const alerts = program.command('alerts').description('whether alert rules ring when they should, and reach a person');
  addProve(alerts, world, exit);
};

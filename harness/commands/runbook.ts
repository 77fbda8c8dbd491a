import type { AddCommand } from './common/command.ts';
import { addLint } from './runbook-lint.ts';
import { addValidate } from './runbook-validate.ts';
import { addWalk } from './runbook-walk.ts';

export const runbookCommand: AddCommand = (program, world, exit) => {
  const runbook = program
    .command('runbook')
    .description('prove that a runbook helps: the failure with hands off, and with what the runbook says');
  addValidate(runbook, world, exit);
  addLint(runbook, world, exit);
  addWalk(runbook, world, exit);
};

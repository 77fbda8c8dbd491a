import { addKeygen } from './capacity-keygen.ts';
import { addVerify } from './capacity-verify.ts';
import type { AddCommand } from './common/command.ts';

export const capacityCommand: AddCommand = (program, world, exit) => {
  const capacity = program
    .command('capacity')
    .description('certificates of capacity, what more replicas would carry, and when growth uses the margin up');
  addVerify(capacity, world, exit);
  addKeygen(capacity, world, exit);
};

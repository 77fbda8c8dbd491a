import { addExtrapolate } from './capacity-extrapolate.ts';
import { addForecast } from './capacity-forecast.ts';
import { addKeygen } from './capacity-keygen.ts';
import { addVerify } from './capacity-verify.ts';
import type { AddCommand } from './common/command.ts';

export const capacityCommand: AddCommand = (program, world, exit) => {
  const capacity = program
    .command('capacity')
    .description(
      'check certificates of capacity, say what more replicas would carry, and when growth uses the margin up',
    );
  addVerify(capacity, world, exit);
  addKeygen(capacity, world, exit);
  addForecast(capacity, world, exit);
  addExtrapolate(capacity, world, exit);
};

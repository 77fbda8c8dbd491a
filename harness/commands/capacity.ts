import { addExtrapolate } from './capacity-extrapolate.ts';
import { addForecast } from './capacity-forecast.ts';
import { addJudge } from './capacity-judge.ts';
import { addKeygen } from './capacity-keygen.ts';
import { addMeasure } from './capacity-measure.ts';
import { addVerify } from './capacity-verify.ts';
import type { AddCommand } from './common/command.ts';

export const capacityCommand: AddCommand = (program, world, exit) => {
  const capacity = program
    .command('capacity')
    .description(
      'measure how much a system carries, also with something gone, and certify it; check certificates, say what more replicas would carry, and when growth uses the margin up',
    );
  addMeasure(capacity, world, exit);
  addJudge(capacity, world, exit);
  addVerify(capacity, world, exit);
  addKeygen(capacity, world, exit);
  addForecast(capacity, world, exit);
  addExtrapolate(capacity, world, exit);
};

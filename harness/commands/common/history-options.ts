import { basename, extname } from 'node:path';
import { VERDICTS } from '../../core/verdict.ts';
import { badFlag } from './load-options.ts';

/** What a run or load may be listed as, beside the verdicts of runs. */
const OTHERS = ['MEASURED', 'RUNNING'];

/** Returns the name of an experiment: "redis-loss" for "experiments/redis-loss.yaml" too. */
export const experimentName = (given: string): string =>
  ['.yaml', '.yml'].includes(extname(given)) ? basename(given, extname(given)) : given;

/** Returns a verdict as it is recorded. Throws CHAOS_USAGE when there is no such verdict. */
export function knownVerdict(given: string): string {
  const verdict = given.toUpperCase().replaceAll(/[-_]/g, ' ');
  const known = [...Object.keys(VERDICTS), ...OTHERS];
  if (known.includes(verdict)) return verdict;
  throw badFlag(`--verdict ${given} is no verdict`, `Write one of: ${known.join(', ')}.`);
}

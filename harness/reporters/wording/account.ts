import { type HopCounts, type Reconciliation, unexplained } from '../../core/record/hops.ts';
import { count, plural } from './figures.ts';

/** "25,020 planned = 25,018 answered + 2 failed + 0 in flight + 0 dropped" */
export const ledgerSum = ({ planned, answered, failed, in_flight, dropped }: HopCounts): string =>
  `${count(planned)} planned = ${count(answered)} answered + ${count(failed)} failed + ${count(in_flight)} in flight + ${count(dropped)} dropped`;

/**
 * Says in one sentence whether every difference between the hops is explained. `good`: every difference is explained,
 * and the logs are complete.
 */
export function accountLine({ rows, complete, problem, edge }: Reconciliation): { good: boolean; text: string } {
  if (problem !== undefined) return { good: false, text: `the logs could not be read: ${problem}` };
  const open = unexplained({ rows });
  const missing = open.reduce((sum, difference) => sum + difference.count, 0);
  const requests = rows.reduce((sum, row) => sum + row.planned, 0);
  const retries = rows.reduce((sum, row) => sum + row.attempts.retries, 0);
  const followed = `${plural(requests, 'request')} followed by id through ${edge} to the replicas, ${count(retries)} tried again`;
  if (missing > 0) return { good: false, text: `${followed}; ${count(missing)} cannot be explained` };
  if (!complete) return { good: false, text: `${followed}; the logs do not go back to the beginning` };
  return { good: true, text: `${followed}; every difference is explained` };
}

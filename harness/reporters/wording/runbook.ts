import type { ArmRow, RunbookDocument } from '../../core/runbook/document.ts';

/** The sign before a verdict: never colour alone. */
export const runbookSign = (verdict: RunbookDocument['verdict']): string =>
  verdict === 'proven' ? '✓' : ['broken', 'harmful', 'misleading', 'NOT RESTORED'].includes(verdict) ? '✗' : '?';

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** "12.3 s (90 % bounds 10.1 to 14.5 s)", "at least 20.1 s". */
export function gainText({ estimate, low, high }: RunbookDocument['gained_s']): string {
  if (estimate === null) return 'not known';
  if (low === null) return `about ${seconds(estimate)}`;
  if (high === null) return `at least ${seconds(low)} (the system did not come back with hands off)`;
  return `${seconds(estimate)} (90 % bounds ${low.toFixed(1)} to ${seconds(high)})`;
}

/** What one arm showed, in a few words. */
export function armText({ recovery_s: recovery, recovered, watched_s: watched, void: why }: ArmRow): string {
  if (why !== undefined) return `proves nothing: ${why}`;
  return recovered === true && recovery !== null
    ? `healthy ${seconds(recovery)} after the failure`
    : `still broken after ${seconds(watched)}`;
}

/** The verdict of a run that a verdict about a runbook is coloured like. */
export const runbookClass = (verdict: RunbookDocument['verdict']): string => {
  const sign = runbookSign(verdict);
  return sign === '✓' ? 'pass' : sign === '✗' ? 'fail' : 'inconclusive';
};

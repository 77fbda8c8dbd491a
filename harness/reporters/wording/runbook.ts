import type { ArmRow, RunbookDocument } from '../../core/runbook/document.ts';

/** The sign before a verdict: never colour alone. */
export const runbookSign = (verdict: RunbookDocument['verdict']): string =>
  verdict === 'proven' ? '✓' : ['broken', 'harmful', 'misleading', 'NOT RESTORED'].includes(verdict) ? '✗' : '?';

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** "12.3 s (90 % bounds 10.1 to 14.5 s)", "at least 20.1 s (the system did not come back with hands off)". */
export function gainText({ gained_s: gained, arms }: Pick<RunbookDocument, 'gained_s' | 'arms'>): string {
  const { estimate, low, high } = gained;
  if (estimate === null) return 'not known';
  if (low === null) return `about ${seconds(estimate)}`;
  if (high === null) return `at least ${seconds(low)} (${handsOff(arms)})`;
  return `${seconds(estimate)} (90 % bounds ${low.toFixed(1)} to ${seconds(high)})`;
}

/** A gain has no upper bound when an arm with hands off ended before the system came back. */
function handsOff(arms: readonly ArmRow[]): string {
  const controls = arms.filter(({ arm, recovered }) => arm === 'control' && recovered !== null);
  const back = controls.filter(({ recovered }) => recovered === true).length;
  return back === 0
    ? 'the system did not come back with hands off'
    : `with hands off the system came back in ${back} of ${controls.length} arms`;
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

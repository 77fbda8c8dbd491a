import type { EntryVerdict } from '../../core/suite/attempts.ts';
import type { DueAction } from '../../core/gameday/due.ts';
import type { FilledGap } from '../../core/suite/suite.ts';
import type { SuiteDocument, SuiteExperiment } from '../../core/suite/document.ts';
import { plural, share } from './figures.ts';
import { VERDICT_SIGN } from './headline.ts';

export const suiteSign = (verdict: EntryVerdict): string => (verdict === 'unstable' ? '~' : VERDICT_SIGN[verdict]);

/** "9 passed, 1 FAIL, 1 unstable; 2 were not run" */
export function suiteHeadline({ experiments, not_run }: SuiteDocument): string {
  const by = Map.groupBy(experiments, ({ verdict }) => verdict);
  const counts = [...by].map(([verdict, all]) => `${all.length} ${verdict === 'PASS' ? 'passed' : verdict}`);
  const left = not_run.length === 0 ? '' : `; ${not_run.length} ${not_run.length === 1 ? 'was' : 'were'} not run`;
  return `${plural(experiments.length, 'experiment')}: ${counts.join(', ') || 'no result'}${left}`;
}

/** "fills the gap kill of redis (never)" */
export const gapsInWords = (gaps: readonly FilledGap[]): string =>
  `fills the ${gaps.length === 1 ? 'gap' : 'gaps'} ${gaps.map(({ failure, component, state }) => `${failure} of ${component} (${state})`).join(', ')}`;

/** "shows whether it is done: an alert on the queue (Ben, due 2026-12-14)" */
export const actionsInWords = (actions: readonly DueAction[]): string =>
  `shows whether ${actions.length === 1 ? 'it is' : 'they are'} done: ${actions.map(({ what, owner, due }) => `${what} (${owner}, due ${due})`).join(', ')}`;

/** What a person should know of an experiment beside its verdict; undefined when there is nothing. */
export function suiteRemark({
  passed,
  why,
  attributed_to,
  quarantined,
  broken,
  fills = [],
  shows = [],
}: SuiteExperiment): string | undefined {
  const parts = [
    passed === undefined
      ? ''
      : `passed ${passed.passed} of ${passed.of} times (${share(passed.low)} to ${share(passed.high)} with 95 % confidence)`,
    why === null ? '' : `${attributed_to ?? 'unknown'}: ${why}`,
    quarantined === undefined
      ? ''
      : `in quarantine until ${quarantined.until} (${quarantined.why}), so it does not decide the verdict`,
    broken.length === 0 ? '' : `${plural(broken.length, 'run')} ended without a result`,
    fills.length === 0 ? '' : `it ${gapsInWords(fills)}`,
    shows.length === 0 ? '' : `it ${actionsInWords(shows)}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join('; ');
}

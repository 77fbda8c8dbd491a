import { blackoutAt } from '../../core/suite/blackout.ts';
import { type NotRun, NOT_RUN } from '../../core/suite/events.ts';
import { entryVerdict } from '../../core/suite/attempts.ts';
import type { SuiteState } from '../../core/suite/state.ts';
import type { Suite } from '../../core/suite/suite.ts';
import { formatDuration } from '../../core/duration.ts';

type Limits = Pick<Suite, 'budgetMs' | 'mostFailures' | 'blackouts'>;

/**
 * Says why a run may not begin now; undefined when it may. `longestMs`: how long the run takes at most. `workedMs`: how long
 * the suite has been at work. `now`: epoch milliseconds.
 */
export function refusal(
  { budgetMs, mostFailures, blackouts }: Limits,
  { entries }: Pick<SuiteState, 'entries'>,
  { longestMs, workedMs, now }: { readonly longestMs: number; readonly workedMs: number; readonly now: number },
): NotRun | undefined {
  const left = entries.find(({ attempts }) => attempts.some(({ verdict }) => verdict === 'NOT RESTORED'));
  if (left !== undefined) return { code: 'not restored', reason: `${NOT_RUN['not restored']}: ${left.experiment}` };
  const failed = entries.filter(({ attempts }) => ['FAIL', 'ERROR'].includes(entryVerdict(attempts) ?? '')).length;
  if (mostFailures !== undefined && failed >= mostFailures)
    return { code: 'failures', reason: `${NOT_RUN.failures}: ${failed}, and at most ${mostFailures} may` };
  if (budgetMs !== undefined && workedMs + longestMs > budgetMs) {
    const [needs, has] = [longestMs, Math.max(0, budgetMs - workedMs)].map((ms) =>
      formatDuration(Math.round(ms / 1_000) * 1_000),
    );
    return { code: 'budget', reason: `${NOT_RUN.budget}: it takes ${needs} at most, and ${has} are left` };
  }
  const blackout = blackoutAt(blackouts, now, longestMs);
  if (blackout !== undefined)
    return { code: 'blackout', reason: `${NOT_RUN.blackout}: ${blackout.text} (${blackout.why})` };
  return undefined;
}

import type { CheckResult } from '../../core/kinds/check-result.ts';
import { formatDuration } from '../../core/duration.ts';
import { alertEpisodes, isMeantBy, untold, unwatched } from '../../core/record/alerts.ts';
import { judgedSpan } from '../../core/record/detection.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { alertText } from '../../kit/alerts.ts';
import type { Params } from './params.ts';
import { rulesAtEnd } from './rules.ts';

/** A list of more names is cut. */
const MOST_NAMES = 4;

const named = (names: readonly string[]): string =>
  `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''}`;

/** "1 min 05 s into the fault phase" */
function momentOf({ windows }: History, t: number): string {
  const window = windows.findLast(({ started }) => started <= t);
  return window === undefined || window.phase === 'warmup'
    ? 'before the baseline'
    : `${formatDuration(t - window.started)} into the ${window.phase} phase`;
}

/**
 * Judges that an alert, or every alert with some labels, did not fire. A PASS needs the evidence that it could have fired:
 * Prometheus answered, evaluated the rule, reached its targets, and had what the rule reads.
 */
export function judgeNever(history: History, p: Params): CheckResult {
  const watched = eventsOf(history, 'alert.watched').at(-1);
  const result = {
    name: `alert ${alertText(p)} never fires`,
    expected: 'does not fire, from the baseline to the end of recovery',
    samples: watched?.answered ?? 0,
    during: ['baseline', 'fault', 'recovery'] as const,
  };
  const inconclusive = (observed: string): CheckResult => ({ ...result, verdict: 'INCONCLUSIVE', observed });
  const span = judgedSpan(history);
  if (span === undefined) return inconclusive('the run did not reach the baseline');
  const rang = alertEpisodes(history.events).filter(
    (one) => isMeantBy(p, one) && (one.firing ?? Infinity) < span.ended && (one.resolved ?? Infinity) > span.started,
  );
  const [first] = rang;
  if (first !== undefined) {
    const names = [...new Set(rang.map(({ name }) => name))];
    const text = names.length === 1 && p.name !== undefined ? '' : ` (${named(names)})`;
    return {
      ...result,
      verdict: 'FAIL',
      observed: `fired ${rang.length}×${text}, first ${momentOf(history, first.firing ?? 0)}`,
    };
  }
  const rules = rulesAtEnd(history, p);
  const missing = untold(history.events);
  if (missing !== undefined) return inconclusive(missing);
  if (rules.length === 0) return inconclusive(`nothing shows a rule for ${alertText(p)} at the end of the run`);
  const failed = rules.filter(({ ok }) => !ok).map(({ name }) => name);
  if (failed.length > 0) return inconclusive(`the evaluation failed of ${named(failed)}`);
  const hungry = rules.filter(({ fed }) => !fed).map(({ name }) => name);
  // Of many rules some may read what a run never has. A single rule must have been able to fire.
  if (hungry.length === rules.length || (p.name !== undefined && hungry.length > 0))
    return inconclusive(`nothing was there that ${named(hungry)} reads, so it could not fire`);
  const [blind] = unwatched(history.events, span);
  if (blind !== undefined) {
    const length = formatDuration(blind.ended - blind.started);
    return inconclusive(
      `nobody knows for ${length}, from ${formatDuration(blind.started - span.started)} on: ${blind.problem}`,
    );
  }
  const rest = hungry.length === 0 ? '' : `; ${hungry.length} of them read nothing: ${named(hungry)}`;
  const of = `${rules.length} rule${rules.length === 1 ? '' : 's'} evaluated in ${formatDuration(span.ended - span.started)}`;
  return { ...result, verdict: 'PASS', observed: `did not fire; ${of}${rest}` };
}

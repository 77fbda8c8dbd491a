import { formatDuration } from '../../core/duration.ts';
import type { AlertRuleSeen } from '../../core/record/alert-events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { backText, mayGive } from '../../kit/alerts.ts';
import type { Params } from './params.ts';

/** Data that is a little younger than the rule looks back counts as old enough. */
const ENOUGH = 0.95;

/** Returns the rules that may give the alert, as they were when the watch began. Undefined when nobody recorded them. */
export function rulesOf(history: History, p: Params): readonly AlertRuleSeen[] | undefined {
  const [seen] = eventsOf(history, 'alert.rules');
  return seen?.rules.filter((rule) => mayGive(rule, p));
}

/** Returns the rules that may give the alert, as they were when the watch ended. */
export const rulesAtEnd = (history: History, p: Params) =>
  eventsOf(history, 'alert.watched').flatMap(({ rules }) => rules.filter((rule) => mayGive(rule, p)));

/**
 * Returns how much less data there was than the rules look back, at a time; undefined when there was enough. On a short
 * history a rule over an hour behaves as a rule over what there is.
 */
export function shortHistory(history: History, rules: readonly AlertRuleSeen[], at: number): string | undefined {
  const begun = eventsOf(history, 'alert.rules')[0]?.t ?? at;
  const short = rules.find(({ looks_back_ms: ms, oldest }) => ms > 0 && at - (oldest ?? begun) < ENOUGH * ms);
  if (short === undefined) return undefined;
  const age = formatDuration(Math.max(0, at - (short.oldest ?? begun)));
  return `the rule looks ${backText(short.looks_back_ms)} back, and its data was ${age} old when the fault began`;
}

/** Returns that a rule looks back on a history that was made up; undefined when no rule does. */
export function backfilledHistory(rules: readonly AlertRuleSeen[]): string | undefined {
  const made = rules.find(({ backfilled }) => backfilled === true);
  if (made === undefined) return undefined;
  return `the rule looks ${backText(made.looks_back_ms)} back, and what is older than Prometheus itself was made up`;
}

/**
 * Returns when a burn-rate rule fires with enough history, in milliseconds after the ratio became `ratio` (0 to 1).
 * Undefined for other rules, and for a ratio that never lets it fire.
 */
export function timeToFire(rules: readonly AlertRuleSeen[], ratio: number): number | undefined {
  const times = rules.flatMap(({ burns, for_ms: lasting }) =>
    burns.map(
      (limits) =>
        Math.max(...limits.map(({ above, ms }) => (ratio > above ? (above / ratio) * ms : Infinity))) + lasting,
    ),
  );
  const soonest = Math.min(...times);
  return Number.isFinite(soonest) ? soonest : undefined;
}

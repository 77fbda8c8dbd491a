import { isBackfilled } from '../../core/alerts/backfilled.ts';
import type { AlertRuleSeen, RuleAtEnd } from '../../core/record/alert-events.ts';
import type { AlertRule, MonitoringControl, MonitoringRule } from '../../core/topology/monitoring.ts';
import { mayGive, type WatchedAlert } from '../../kit/alerts.ts';
import { burnRates } from '../../kit/promql/burn-rates.ts';
import { longestLookBack, type LookBack, lookBacks } from '../../kit/promql/look-back.ts';
import { recordedBy } from '../../kit/promql/recorded.ts';

/** Of a Prometheus with more alert rules, only the wanted rules are looked at. */
const MOST_RULES = 100;
/** A stretch of time is looked at in so many steps. */
const STEPS = 120;
const LEAST_STEP_MS = 1_000;
/** Within a scrape or two, a sample counts as within the time that a rule looks back. Milliseconds. */
const EDGE_MS = 10_000;

export const alertRules = (rules: readonly MonitoringRule[]): readonly AlertRule[] =>
  rules.filter((rule) => rule.type === 'alerting');

/** Returns the rules that are looked at closely. */
function looked(rules: readonly MonitoringRule[], wanted: readonly WatchedAlert[]): readonly AlertRule[] {
  const all = alertRules(rules);
  return all.length <= MOST_RULES ? all : all.filter((rule) => wanted.some((one) => mayGive(rule, one)));
}

const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1_000))}s`;

/** The oldest sample that a rule can see. */
interface Oldest {
  /** By the clock of Prometheus, epoch milliseconds. */
  readonly t: number;
  /** Whether it is of a history that was made up. */
  readonly backfilled: boolean;
}

/**
 * Resolves with the oldest sample of some selectors in the last `ms` milliseconds, looked for at steps. Null for none.
 * A history that was made up has an end without a mark: for five minutes more a selector gives its last sample.
 */
async function oldestWithin(
  monitoring: MonitoringControl,
  selectors: readonly string[],
  ms: number,
  now: number,
): Promise<Oldest | null> {
  const step = seconds(Math.max(LEAST_STEP_MS, ms / STEPS));
  const found = await Promise.all(
    selectors.map((selector) =>
      monitoring
        .query(`min by (history) (min_over_time(timestamp(${selector})[${seconds(ms)}:${step}]))`)
        .catch(() => []),
    ),
  );
  const ends = found.flat().map(({ labels, value }) => ({ t: value * 1_000, backfilled: isBackfilled(labels) }));
  const within = ends.filter(({ t, backfilled }) => !backfilled || t >= now - ms - EDGE_MS);
  return within.toSorted((a, b) => a.t - b.t)[0] ?? null;
}

/** Resolves with the oldest sample that a rule can see. Null when there is none. `now`: by the clock of Prometheus. */
async function oldestOf(monitoring: MonitoringControl, read: readonly LookBack[], now: number): Promise<Oldest | null> {
  const ms = longestLookBack(read);
  if (ms === 0) return null;
  const far = [...new Set(read.filter((one) => one.ms === ms).map(({ selector }) => selector))];
  // Data that is younger than one step may lie between the steps: then it is looked for at finer steps.
  return (await oldestWithin(monitoring, far, ms, now)) ?? (await oldestWithin(monitoring, far, (2 * ms) / STEPS, now));
}

/**
 * Resolves with what the rules are, and how old the data is that they read. `now`: epoch milliseconds by our clock.
 * `skewMs`: Prometheus' clock minus ours.
 */
export async function rulesSeen(
  monitoring: MonitoringControl,
  rules: readonly MonitoringRule[],
  wanted: readonly WatchedAlert[],
  { now, skewMs }: { readonly now: number; readonly skewMs: number },
): Promise<readonly AlertRuleSeen[]> {
  const recorded = recordedBy(rules);
  const seen: AlertRuleSeen[] = [];
  // One after another: the system under test needs the machine.
  for (const { name, labels, query, forMs, everyMs } of looked(rules, wanted)) {
    const read = lookBacks(query, recorded);
    const oldest = await oldestOf(monitoring, read, now + skewMs);
    seen.push({
      name,
      labels,
      for_ms: forMs,
      every_ms: everyMs,
      looks_back_ms: longestLookBack(read),
      oldest: oldest === null ? null : Math.round(oldest.t - skewMs),
      ...(oldest?.backfilled === true ? { backfilled: true as const } : {}),
      burns: burnRates(query, recorded),
    });
  }
  return seen;
}

/** Resolves with how the rules are at the end of the watch, `forMs` milliseconds after its beginning. */
export function rulesAtEnd(
  monitoring: MonitoringControl,
  rules: readonly MonitoringRule[],
  wanted: readonly WatchedAlert[],
  forMs: number,
): Promise<readonly RuleAtEnd[]> {
  const recorded = recordedBy(rules);
  return Promise.all(
    looked(rules, wanted).map(async ({ name, labels, query, ok }) => {
      const selectors = [...new Set(lookBacks(query, recorded).map(({ selector }) => selector))];
      const there = selectors.map((selector) => `count(last_over_time(${selector}[${seconds(forMs)}]))`).join(' or ');
      const found = there === '' ? [] : await monitoring.query(there).catch(() => []);
      return { name, labels, ok, fed: found.length > 0 };
    }),
  );
}

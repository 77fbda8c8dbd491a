import type { CheckResult } from '../../core/kinds/check-result.ts';
import { formatDuration } from '../../core/duration.ts';
import { type AlertEpisode, alertEpisodes, isMeantBy, untold, unwatched } from '../../core/record/alerts.ts';
import { healedBy } from '../../core/record/detection.ts';
import { eventsOf, type History, windowOf } from '../../core/record/history.ts';
import { alertText } from '../../kit/alerts.ts';
import { select } from '../../kit/selection.ts';
import { type Demand, demandsOf, demandText, type Params } from './params.ts';
import { backfilledHistory, rulesAtEnd, rulesOf, shortHistory, timeToFire } from './rules.ts';

type Finding = Pick<CheckResult, 'verdict' | 'observed' | 'figure'>;

const inconclusive = (observed: string): Finding => ({ verdict: 'INCONCLUSIVE', observed });

/** What the demands are judged from. Times in epoch milliseconds. */
interface Scene {
  readonly history: History;
  /** When the first fault began. */
  readonly fault: number;
  /** When the watch on the alerts ended. */
  readonly ended: number;
  /** The times in which the alert was active, from the fault on. */
  readonly episodes: readonly AlertEpisode[];
}

const after = (ms: number): string => `${ms < 0 ? '-' : '+'}${formatDuration(Math.abs(ms))}`;

/** Returns the ladder of an alert for people: "pending +3.3 s, firing +8.3 s, delivered +9.2 s, resolved +8.1 s after healing". */
function ladder({ history, fault }: Scene, { active, firing, delivered, resolved, exact }: AlertEpisode): string {
  const healed = healedBy(history.faults, resolved ?? Infinity);
  const from = resolved === undefined ? 0 : resolved - (healed ?? fault);
  const back = from < 0 ? `${formatDuration(-from)} before the healing` : `${after(from)} after the healing`;
  const rungs = [
    ...(firing === active ? [] : [`pending ${after(active - fault)}`]),
    ...(firing === undefined ? ['never firing'] : [`firing ${after(firing - fault)}`]),
    ...(delivered === undefined ? [] : [`delivered ${after(delivered - fault)}`]),
    resolved === undefined ? 'not resolved' : `resolved ${back}`,
  ];
  return `${rungs.join(', ')}${exact ? '' : ' (times to about a second)'}`;
}

/** Judges that something came about in time, in whichever series of the alert it came first. */
function inTime(scene: Scene, { what, within }: Demand, rung: 'firing' | 'delivered'): Finding {
  const { history, fault, ended, episodes } = scene;
  const first = firstOf(episodes, rung) ?? episodes[0];
  const came = first?.[rung];
  const seen = first === undefined ? 'it stayed inactive' : ladder(scene, first);
  if (came !== undefined) {
    const figure = { value: came - fault, unit: 'duration', worse: 'more' } as const;
    if (came - fault <= within) return { verdict: 'PASS', observed: seen, figure };
  }
  const [blind] = unwatched(history.events, { started: fault, ended: Math.min(fault + within, ended) });
  if (blind !== undefined) {
    const length = formatDuration(blind.ended - blind.started);
    return inconclusive(`nobody knows for ${length}, from ${after(blind.started - fault)}: ${blind.problem}`);
  }
  if (came !== undefined) {
    return { verdict: 'FAIL', observed: seen, figure: { value: came - fault, unit: 'duration', worse: 'more' } };
  }
  if (ended - fault < within)
    return inconclusive(`the watch ended ${formatDuration(ended - fault)} after the fault began: ${seen}`);
  return { verdict: 'FAIL', observed: what === 'fires' ? seen : `${seen}; never delivered` };
}

/** Returns the time in which an alert rang first. One alert may have several series, which ring at different times. */
const firstOf = (episodes: readonly AlertEpisode[], rung: 'firing' | 'delivered'): AlertEpisode | undefined =>
  episodes
    .filter((one) => one[rung] !== undefined)
    .toSorted((a, b) => (a[rung] ?? Infinity) - (b[rung] ?? Infinity))[0];

/** Judges that every series of the alert was over in time after the healing, and stayed so. */
function resolves(scene: Scene, { within }: Demand): Finding {
  const { history, ended, episodes } = scene;
  const over = ({ resolved = Infinity }: AlertEpisode): number => resolved;
  const rang = episodes.filter(({ firing }) => firing !== undefined);
  const last = rang.toSorted((a, b) => (over(a) < over(b) ? -1 : 1)).at(-1);
  if (last === undefined) return inconclusive('it never fired, so nothing could resolve');
  const healed = healedBy(history.faults, Infinity);
  if (healed === undefined) return inconclusive('the faults were not healed');
  const [blind] = unwatched(history.events, { started: healed, ended: Math.min(healed + within, ended) });
  if (blind !== undefined) return inconclusive(`nobody knows when it resolved: ${blind.problem}`);
  const seen = ladder(scene, last);
  if (last.resolved === undefined) {
    return ended - healed < within
      ? inconclusive(`the watch ended ${formatDuration(ended - healed)} after the healing: ${seen}`)
      : { verdict: 'FAIL', observed: seen };
  }
  const took = last.resolved - healed;
  const figure = { value: Math.max(0, took), unit: 'duration', worse: 'more' } as const;
  return { verdict: took <= within ? 'PASS' : 'FAIL', observed: seen, figure };
}

function isDelivered(scene: Scene, demand: Demand): Finding {
  const pager = eventsOf(scene.history, 'alert.watched').at(-1)?.pager;
  if (pager === null || pager === undefined || pager.answered === 0)
    return inconclusive('the pager was never asked, or never answered');
  const came = firstOf(scene.episodes, 'delivered');
  const finding = inTime(scene, demand, 'delivered');
  return finding.verdict === 'FAIL' && came === undefined && pager.answered < pager.looks
    ? inconclusive(`the pager answered ${pager.answered} of ${pager.looks} times: ${finding.observed}`)
    : finding;
}

const JUDGES: Readonly<Record<Demand['what'], (scene: Scene, demand: Demand) => Finding>> = {
  fires: (scene, demand) => inTime(scene, demand, 'firing'),
  'is delivered': isDelivered,
  resolves,
};

/** Returns why the record says nothing about an alert and a fault, whatever the alert did. */
function unprovable(history: History, p: Params, fault: number): string | undefined {
  const rules = rulesOf(history, p);
  if (rules === undefined) return 'the record does not say which rules Prometheus had';
  const missing = untold(history.events);
  if (missing !== undefined) return missing;
  if (rules.length === 0) return `Prometheus had no rule for ${alertText(p)}`;
  const failed = rulesAtEnd(history, p).find(({ ok }) => !ok);
  if (failed !== undefined) return `the evaluation of the rule ${failed.name} failed`;
  const before = windowOf(history, 'baseline')?.started ?? fault;
  const early = alertEpisodes(history.events).find(
    (one) => isMeantBy(p, one) && one.active < fault && (one.resolved ?? Infinity) > before,
  );
  if (early !== undefined) {
    const fired = early.firing !== undefined && early.firing < fault;
    const since = formatDuration(fault - (fired ? (early.firing ?? fault) : early.active));
    const state = fired ? 'fired' : 'was pending';
    return `it ${state} already ${since} before the fault, so it says nothing about the fault`;
  }
  const short = shortHistory(history, rules, fault);
  return short === undefined || p.history === 'short' ? undefined : `${short}: it rings sooner than it would`;
}

/**
 * Returns what else must be said: a short history that is accepted, a history that was made up, and when a burn-rate rule
 * fires with enough.
 */
function asides(history: History, p: Params, fault: number): string {
  const rules = rulesOf(history, p) ?? [];
  const short = shortHistory(history, rules, fault);
  const made = backfilledHistory(rules);
  const { offered, failed } = select(history, 'fault', undefined);
  const ms = offered === 0 ? undefined : timeToFire(rules, failed / offered);
  return [
    ...(short === undefined ? [] : [`SHORT HISTORY: ${short}`]),
    ...(made === undefined ? [] : [`HISTORY BACKFILLED: ${made}`]),
    ...(ms === undefined
      ? []
      : [
          `with full history and ${((failed / offered) * 100).toFixed(1)} % errors it fires after ${formatDuration(ms)}`,
        ]),
  ]
    .map((text) => `; ${text}`)
    .join('');
}

/** Judges each demand of a hypothesis about an alert that must ring. */
export function judgeRinging(history: History, p: Params): readonly CheckResult[] {
  const watched = eventsOf(history, 'alert.watched').at(-1);
  const [first] = history.faults.toSorted((a, b) => a.injecting - b.injecting);
  const result = (demand: Demand, finding: Finding): CheckResult => ({
    name: `alert ${alertText(p)} ${demand.what}`,
    expected: demandText(demand),
    samples: watched?.answered ?? 0,
    during: demand.what === 'resolves' ? ['recovery'] : ['fault'],
    ...finding,
  });
  const all = (finding: Finding): readonly CheckResult[] => demandsOf(p).map((demand) => result(demand, finding));
  if (first === undefined) return all(inconclusive('no fault was injected'));
  const why = unprovable(history, p, first.injecting);
  if (why !== undefined) return all(inconclusive(why));
  const episodes = alertEpisodes(history.events).filter((one) => isMeantBy(p, one) && one.active >= first.injecting);
  const scene = { history, fault: first.injecting, ended: watched?.t ?? first.injecting, episodes };
  const more = asides(history, p, first.injecting);
  return demandsOf(p).map((demand) => {
    const finding = JUDGES[demand.what](scene, demand);
    return result(demand, { ...finding, observed: `${finding.observed}${demand.what === 'fires' ? more : ''}` });
  });
}

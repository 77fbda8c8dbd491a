import { formatDuration } from '../../core/duration.ts';
import { type Limited, meets } from '../../core/kinds/limit.ts';
import type { Series } from '../../core/kinds/series.ts';
import type { Span } from '../../core/plan/phases.ts';
import { shareBounds } from '../../core/bounds/share.ts';
import { UNITS } from '../../core/units.ts';
import type { CheckVerdict } from '../../core/verdict.ts';
import { gapsIn } from './coverage.ts';
import type { Point } from '../../core/record/series-lines.ts';

/** How much of the time the limit must hold. No key means all of the time; `at` stands alone. */
export interface Demand {
  /** 0 to 1, both exclusive. */
  readonly share?: number | undefined;
  readonly at?: 'end' | undefined;
  /** Only what comes so many milliseconds after the beginning of the phase counts. */
  readonly back_within?: number | undefined;
}

/** What the readings of one line in one phase say. */
export interface Finding {
  readonly verdict: CheckVerdict;
  readonly observed: string;
}

/** The readings of one line within a stretch of a phase, and the limit. */
interface Judged {
  readonly points: readonly Point[];
  /** The stretch in which the line owes readings. */
  readonly span: Span;
  /** The whole phase: times are counted from its beginning. */
  readonly phase: Span;
  readonly series: Series;
  readonly limited: Limited;
}

const inconclusive = (observed: string): Finding => ({ verdict: 'INCONCLUSIVE', observed });

/**
 * Judges one line. All of the time, or back within: one reading beyond the limit is a FAIL, also between gaps, and a
 * PASS needs readings without great gaps. For a share, every verdict needs such readings. At the end, the last reading
 * decides.
 */
export function judgeLine(judged: Judged, { share, at, back_within: back }: Demand): Finding {
  if (share !== undefined) return back === undefined ? forShare(judged, share) : forShareAfter(judged, share, back);
  if (at !== undefined) return atEnd(judged);
  return back === undefined ? allTheTime(judged) : backWithin(judged, back);
}

const tooShort = ({ phase: { started, ended } }: Judged): Finding =>
  inconclusive(`the phase lasted ${formatDuration(ended - started)} only`);

const isBad =
  ({ limited }: Judged) =>
  ({ value }: Point): boolean =>
    !meets(limited, value);

/** Returns the worst reading as text: the highest when the limit is `below`, the lowest when the limit is `above`. */
function worstOf({ points, series, limited: { above } }: Judged): string {
  const values = points.map(({ value }) => value);
  const text = UNITS[series.unit].text;
  return above === undefined ? `at most ${text(Math.max(...values))}` : `at least ${text(Math.min(...values))}`;
}

const since = ({ at }: Point, { started }: Span): string => formatDuration(Math.max(0, at - started));
const counted = (points: readonly Point[]): string => `${points.length} reading${points.length === 1 ? '' : 's'}`;

function allTheTime(judged: Judged): Finding {
  const { points, span, phase, series } = judged;
  const bad = points.filter(isBad(judged));
  const [first] = bad;
  if (first !== undefined) {
    const when = `${bad.length} of ${counted(points)} beyond the limit, first ${since(first, phase)} after the start`;
    return { verdict: 'FAIL', observed: `${worstOf({ ...judged, points: bad })}: ${when}` };
  }
  const gaps = gapsIn(points, span, series.everyMs);
  return gaps === undefined
    ? { verdict: 'PASS', observed: `${worstOf(judged)} in ${counted(points)}` }
    : inconclusive(gaps);
}

function forShare(judged: Judged, least: number): Finding {
  const { points, span, series } = judged;
  const gaps = gapsIn(points, span, series.everyMs);
  if (gaps !== undefined) return inconclusive(gaps);
  const bad = isBad(judged);
  const flags = points.map((point) => (bad(point) ? 0 : 1));
  const { value, lower, upper } = shareBounds(flags);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const observed = `within the limit ${percent(value)} of the time (95 % bounds ${percent(lower)} to ${percent(upper)}; ${counted(points)})`;
  return { verdict: lower >= least ? 'PASS' : upper < least ? 'FAIL' : 'INCONCLUSIVE', observed };
}

/** Returns what is to be judged from a moment after the beginning on. Undefined when the phase was over by then. */
function after({ points, span, ...rest }: Judged, ms: number): Judged | undefined {
  const from = rest.phase.started + ms;
  if (from >= span.ended) return undefined;
  // A line that began later still owes readings from its own beginning on.
  const owed = { started: Math.max(from, span.started), ended: span.ended };
  return { ...rest, points: points.filter(({ at }) => at >= from), span: owed };
}

function forShareAfter(judged: Judged, least: number, within: number): Finding {
  const rest = after(judged, within);
  if (rest === undefined) return tooShort(judged);
  const finding = forShare(rest, least);
  return { ...finding, observed: `after the first ${formatDuration(within)}: ${finding.observed}` };
}

/** The last reading counts when it is no older than two intervals. */
function atEnd(judged: Judged): Finding {
  const { points, span, series } = judged;
  const last = points.at(-1);
  if (last === undefined || span.ended - last.at > 2 * series.everyMs) {
    return inconclusive(`no reading in the last ${formatDuration(2 * series.everyMs)}`);
  }
  const observed = `${UNITS[series.unit].text(last.value)} in the last reading`;
  return { verdict: isBad(judged)(last) ? 'FAIL' : 'PASS', observed };
}

function backWithin(judged: Judged, within: number): Finding {
  const { points, phase, series } = judged;
  const rest = after(judged, within);
  if (rest === undefined) return tooShort(judged);
  const last = points.findLast(isBad(judged));
  if (last !== undefined && last.at >= phase.started + within) {
    const value = UNITS[series.unit].text(last.value);
    return { verdict: 'FAIL', observed: `still ${value} ${since(last, phase)} after the start` };
  }
  const gaps = gapsIn(rest.points, rest.span, series.everyMs);
  if (gaps !== undefined) return inconclusive(`after the first ${formatDuration(within)}: ${gaps}`);
  const back =
    last === undefined
      ? 'no reading was beyond the limit'
      : `beyond the limit until ${since(last, phase)} after the start`;
  return { verdict: 'PASS', observed: `${back}; then ${worstOf(rest)} in ${counted(rest.points)}` };
}

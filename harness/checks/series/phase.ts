import { formatDuration } from '../../core/duration.ts';
import type { CheckResult } from '../../core/kinds/check-result.ts';
import { chartLimit, type Limited, limitText } from '../../core/kinds/limit.ts';
import { describeSeries, type Series } from '../../core/kinds/series.ts';
import type { JudgedPhase, Span } from '../../core/plan/phases.ts';
import { type History, windowOf } from '../../core/record/history.ts';
import { gapsIn, LEAST } from './coverage.ts';
import { type Demand, type Finding, judgeLine } from './line.ts';
import type { Point } from '../../core/record/series-lines.ts';

export type { Demand };

/** Returns a demand for people: "all of the time". */
export function demandText({ share, at, back_within: back }: Demand): string {
  if (share !== undefined) {
    const after = back === undefined ? '' : ` after the first ${formatDuration(back)}`;
    return `${Number((share * 100).toPrecision(6))} % of the time${after}`;
  }
  if (at !== undefined) return 'at the end';
  return back === undefined ? 'all of the time' : `back within ${formatDuration(back)}`;
}

/**
 * Returns how many readings a PASS needs, if all are good. For a share: as many as the lower 95 % bound of the share
 * needs. At the end: one. Otherwise: as many as `gapsIn` wants in a stretch of time.
 */
export function leastReadings({ share, at }: Demand): number {
  if (share !== undefined) return Math.max(LEAST, Math.ceil(Math.log(0.05) / Math.log(share)));
  return at === undefined ? LEAST : 1;
}

const RANK = { FAIL: 0, INCONCLUSIVE: 1, PASS: 2 } as const;

/**
 * Judges one phase. The limit must hold for each line of the series: the worst line decides. Without readings it is
 * INCONCLUSIVE.
 */
export function judgePhase(
  { windows }: Pick<History, 'windows'>,
  series: Series,
  limited: Limited & Demand,
  lines: ReadonlyMap<string, readonly Point[]>,
  phase: JudgedPhase,
): CheckResult {
  const window = windowOf({ windows }, phase);
  const within = [...lines].flatMap(([line, all]) => {
    if (window === undefined) return [];
    const points = all.filter(({ at }) => at >= window.started && at < window.ended);
    // A line that was seen before the phase owes readings in it: its silence is a gap.
    return (all[0]?.at ?? Infinity) >= window.ended
      ? []
      : [{ line, points, phase: window, span: spanOf(all, window, series) }];
  });
  const findings = within.map(({ line, points, phase: whole, span }) => {
    const finding = judgeLine({ points, span, phase: whole, series, limited }, limited);
    return { ...finding, observed: line === '' ? finding.observed : `${line}: ${finding.observed}` };
  });
  const readings = within.flatMap(({ points }) => points).toSorted((a, b) => a.at - b.at);
  const silent = silence(readings, series, limited, window);
  const [worst] = [...findings, ...silent].toSorted((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  return {
    name: describeSeries(limited),
    expected: `${limitText(limited, series)}, ${demandText(limited)}`,
    limit: chartLimit(limited, series),
    samples: readings.length,
    during: [phase],
    verdict: worst?.verdict ?? 'INCONCLUSIVE',
    observed: worst?.observed ?? 'no reading',
  };
}

/** A line that began within the phase (a container that was added) owes readings from then on. */
function spanOf(all: readonly Point[], { started, ended }: Span, { everyMs }: Series): Span {
  return { started: Math.max(started, (all[0]?.at ?? started) - everyMs), ended };
}

/**
 * Returns INCONCLUSIVE when the run did not reach the phase, or when the readings of all lines together do not cover
 * the phase. A line owes readings only from its own beginning on: when all lines began late, no single line shows that
 * nobody measured before. A demand about the end of the phase (`at`, `back_within`) needs no such readings.
 */
function silence(
  readings: readonly Point[],
  { everyMs }: Series,
  { at, back_within: back }: Demand,
  window: Span | undefined,
): Finding[] {
  if (window === undefined) return [{ verdict: 'INCONCLUSIVE', observed: 'the run did not reach the phase' }];
  if (at !== undefined || back !== undefined) return [];
  const gaps = gapsIn(readings, window, everyMs);
  return gaps === undefined ? [] : [{ verdict: 'INCONCLUSIVE', observed: gaps }];
}

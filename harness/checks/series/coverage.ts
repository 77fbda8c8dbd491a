import { formatDuration } from '../../core/duration.ts';
import type { Span } from '../../core/plan/phases.ts';
import type { Point } from '../../core/record/series-lines.ts';

/** The least share of the time that readings must cover. */
const ENOUGH = 0.8;
/** Fewer readings than this say little about a stretch of time. */
export const LEAST = 3;

/**
 * Returns the share (0 to 1) of a stretch of time that readings cover. A reading covers the time to the next one, and
 * no more than two intervals: readings come about once an interval, and not exactly on time.
 */
function covered(points: readonly Point[], { started, ended }: Span, everyMs: number): number {
  const moments = [started, ...points.map(({ at }) => at), ended];
  let known = 0;
  for (let i = 1; i < moments.length; i += 1) {
    known += Math.min((moments[i] ?? 0) - (moments[i - 1] ?? 0), 2 * everyMs);
  }
  return known / (ended - started);
}

/** Returns why readings say too little about a stretch of time; undefined when they say enough. */
export function gapsIn(points: readonly Point[], span: Span, everyMs: number): string | undefined {
  const length = formatDuration(span.ended - span.started);
  if (points.length === 0) return `no reading in ${length}`;
  if (points.length < LEAST) return `only ${points.length} reading${points.length === 1 ? '' : 's'} in ${length}`;
  const share = covered(points, span, everyMs);
  if (share >= ENOUGH) return undefined;
  return `readings cover ${Math.floor(share * 100)} % of ${length}, and ${ENOUGH * 100} % are needed`;
}

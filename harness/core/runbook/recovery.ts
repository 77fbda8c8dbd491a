import { type Limited, meets } from '../kinds/limit.ts';
import { namedIn, type Series } from '../kinds/series.ts';
import { isSilence } from '../kinds/silence.ts';
import type { Span } from '../plan/phases.ts';
import { linesOf, type Point, type SeriesSource } from '../record/series-lines.ts';

/** Whether a system came back within a stretch of time. */
export type Recovery =
  /** It was healthy all the time: the failure was not felt. */
  | { readonly outcome: 'never broken' }
  /** It was healthy from this moment on, milliseconds after the beginning of the stretch. */
  | { readonly outcome: 'recovered'; readonly ms: number }
  /** It was not healthy at the end of the stretch. */
  | { readonly outcome: 'broken' }
  | { readonly outcome: 'unknown'; readonly why: string };

/** A system that is healthy for a shorter time than this at the end of a stretch has not recovered. Milliseconds. */
const SETTLED_MS = 3_000;
/**
 * So long an arm is watched after it worked, milliseconds. A request that was sent just before it worked may fail 5 s later
 * (the timeout of the load), and only then can the system be healthy for long enough.
 */
export const WATCHED_MS = 5_000 + SETTLED_MS;

/**
 * Says from which moment on every condition held, each of its lines, to the end of the stretch. A line without readings
 * at the end tells nothing: then the outcome is unknown, unless another line is bad.
 */
export function recoveryIn(
  conditions: readonly Limited[],
  known: readonly Series[],
  source: SeriesSource,
  span: Span,
): Recovery {
  const seen = conditions.flatMap((limited) => {
    const series = namedIn(known)(limited);
    const lines = [...linesOf(series, limited.of, source)];
    return lines.length === 0
      ? [lineIn('', [], limited, series, span)]
      : lines.map(([, points]) => lineIn(limited.name, points, limited, series, span));
  });
  const bad = seen.flatMap(({ lastBad }) => (lastBad === undefined ? [] : [lastBad]));
  const last = Math.max(...bad);
  if (bad.length > 0 && last > span.ended - SETTLED_MS) return { outcome: 'broken' };
  const silent = seen.find(({ silence }) => silence !== undefined)?.silence;
  if (silent !== undefined) return { outcome: 'unknown', why: silent };
  return bad.length === 0 ? { outcome: 'never broken' } : { outcome: 'recovered', ms: last - span.started };
}

interface Line {
  /** The end of the last reading that was not within the limit, epoch milliseconds. */
  readonly lastBad?: number;
  /** Why nobody knows whether the line was within its limit at the end. */
  readonly silence?: string;
}

function lineIn(name: string, points: readonly Point[], limited: Limited, series: Series, span: Span): Line {
  const within = points.filter(({ at }) => at >= span.started && at <= span.ended);
  const lastBad = within.findLast(({ value }) => !meets(limited, value));
  const { at } = within.at(-1) ?? { at: span.started };
  const silence = isSilence(span.ended - at, series.everyMs)
    ? `${name || limited.name} was not read at the end`
    : undefined;
  return {
    ...(lastBad === undefined ? {} : { lastBad: lastBad.at + series.everyMs / 2 }),
    ...(silence === undefined ? {} : { silence }),
  };
}

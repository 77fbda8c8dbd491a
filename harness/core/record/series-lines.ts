import { lineOf, type Series, spanMs } from '../kinds/series.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { RunEvent } from './events.ts';

/** A reading of one line. */
export interface Point {
  /** The middle of the time that the reading covers, epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** What a series is read from. */
export interface SeriesSource {
  readonly events: readonly RunEvent[];
  readonly topology: TopologySpec;
}

/** Returns the readings of a whole record, by the name of their line and in their order. */
export function linesOf(
  series: Series,
  of: string | undefined,
  { events, topology }: SeriesSource,
): ReadonlyMap<string, readonly Point[]> {
  const read = series.read(of, topology);
  const lines = new Map<string, Point[]>();
  for (const event of events) {
    for (const reading of read(event)) {
      const name = lineOf(reading);
      const line = lines.get(name) ?? [];
      lines.set(name, line);
      line.push({ at: event.t - spanMs(series) / 2, value: reading.value });
    }
  }
  return lines;
}

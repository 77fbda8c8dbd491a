import { type Condition, defineCondition, type Looking } from '../../core/kinds/condition.ts';
import { describeLimited, type Limited, watchLimit } from '../../core/kinds/limit.ts';
import { isSilence } from '../../core/kinds/silence.ts';
import { describeSeries, namedIn, refersOf, type Series } from '../../core/kinds/series.ts';
import { firstEvent } from '../../kit/first-event.ts';
import { lacks } from '../../kit/lacks.ts';
import { unknownInTopology } from '../../kit/refers.ts';
import { limitedSeries } from '../../kit/series/params.ts';

/**
 * Reads the run's own events as they are recorded. A series that can have several lines, for example one for each
 * container, is decided when a line is read for the second time: then every line has been read. A line that is not read
 * any more does not hold: nobody knows its value.
 */
function comeAbout(
  series: Series,
  limited: Limited,
  { topology, signal, saw, changes, onEvent }: Looking,
): Promise<number> {
  const see = watchLimit(series, limited, topology.spec);
  // What is recorded only when it changes (roles) makes sense only together with what was recorded before.
  for (const event of changes()) see(event);
  const lines = new Map<string, { readonly holds: boolean; readonly t: number }>();
  const holdsAt = (now: number, { holds, t }: { readonly holds: boolean; readonly t: number }): boolean =>
    holds && !isSilence(now - t, series.everyMs);
  return firstEvent({ signal, onEvent }, (event) => {
    for (const { of = '', holds, observed } of see(event)) {
      const everyLine = series.of === undefined || lines.has(of);
      lines.set(of, { holds, t: event.t });
      saw(observed);
      if (everyLine && [...lines.values()].every((line) => holdsAt(event.t, line))) return event.t;
    }
    return undefined;
  });
}

/** Returns the condition about the given series. */
export function seriesCondition(all: readonly Series[]): Condition<Limited> {
  const named = namedIn(all);
  return defineCondition<Limited>({
    name: 'series',
    summary: 'A series is above or below a limit, each of its lines. It is read as the run records it',
    example: { name: 'queue_depth', of: 'worker', below: 10 },
    params: limitedSeries(all, {}),
    describe: (limited) => describeLimited(limited, named(limited)),
    measures: (limited, spec) => named(limited).needs?.(limited.of, spec) ?? {},
    mismatches(limited, { path, topology }) {
      const series = named(limited);
      const lacking = lacks(topology, { name: describeSeries(limited), requires: series.requires }, path);
      return lacking.length > 0 ? lacking : unknownInTopology(topology, refersOf(series, limited.of), path);
    },
    comeAbout: (limited, looking) => comeAbout(named(limited), limited, looking),
  });
}

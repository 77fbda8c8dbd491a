import type { TimedReading } from '../../core/kinds/controller.ts';
import { lineOf, type Reading, type Series, seriesNamed } from '../../core/kinds/series.ts';
import type { NamedSeries } from '../../core/plan/plan.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

interface Followed {
  readonly key: string;
  readonly read: (event: RunEvent) => readonly Reading[];
  /** The newest reading of each line. */
  readonly latest: Map<string, TimedReading>;
}

const keyOf = ({ name, of = '' }: NamedSeries): string => `${name} ${of}`;

/** The newest readings of some series, from the events of a run as they are recorded. */
export class LatestReadings {
  readonly #followed: readonly Followed[];

  constructor(wanted: readonly NamedSeries[], spec: TopologySpec, known: readonly Series[]) {
    this.#followed = wanted.flatMap((named) => {
      const series = seriesNamed(known, named);
      if (series === undefined) return [];
      return [{ key: keyOf(named), read: series.read(named.of, spec), latest: new Map<string, TimedReading>() }];
    });
  }

  see(event: RunEvent): void {
    for (const { read, latest } of this.#followed)
      for (const reading of read(event)) latest.set(lineOf(reading), { ...reading, t: event.t });
  }

  /** Returns the newest reading of each line of a series; none when the series is not followed. */
  of = (named: NamedSeries): readonly TimedReading[] => [
    ...(this.#followed.find(({ key }) => key === keyOf(named))?.latest.values() ?? []),
  ];
}

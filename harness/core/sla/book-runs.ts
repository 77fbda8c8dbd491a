import { burnOf } from './burn.ts';
import { type Counted, sumOf } from './counted.ts';
import { type Books, type DayCount, slaDocument, type SlaDocument } from './document.ts';
import type { Objective } from './objective.ts';
import { POPULATION, type RunSla } from './run-sla.ts';

/** A recorded run, with what it counted. */
export interface SlaRun {
  readonly run: string;
  readonly experiment: string;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string;
  /** Undefined when the run did not reach its baseline. */
  readonly sla: RunSla | undefined;
  /** The objective that the run was judged by. Absent when its run.json does not say it. */
  readonly objective?: Objective;
}

/** A run with counts. */
type Counting = SlaRun & { readonly sla: RunSla };

const isCounting = (run: SlaRun): run is Counting => run.sla !== undefined;

/** Books recorded runs, oldest first. A run belongs to the day on which it started, UTC. */
export function bookRuns(runs: readonly SlaRun[], objective: Objective): SlaDocument {
  const counting = runs.filter(isCounting);
  const days = [...Map.groupBy(counting, ({ started }) => started.slice(0, 10))]
    .map(([day, those]): DayCount => ({
      day,
      outside: sumOf(those.map(({ sla }) => sla.outside)),
      drills: sumOf(those.map(({ sla }) => sla.drill)),
    }))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
  const without = runs.length - counting.length;
  return slaDocument({
    source: 'runs',
    objective,
    population: POPULATION,
    from: counting[0]?.started ?? null,
    to: counting.at(-1)?.ended ?? null,
    days,
    incidents: counting.flatMap(incidentOf),
    faults: faultsOfRuns(counting, objective),
    notes: [
      'Only the time of recorded runs was observed, under the load of the runs.',
      ...(without === 0 ? [] : [`${without} of ${runs.length} runs are left out: they did not reach their baseline.`]),
    ],
  });
}

/** What each fault of these runs burnt, oldest first. */
export const faultsOfRuns = (runs: readonly SlaRun[], objective: Objective): SlaDocument['faults'] =>
  runs.flatMap(({ run, experiment, sla }) =>
    (sla?.faults ?? []).map((fault) => ({ run, experiment, ...burnOf(fault, objective) })),
  );

const incidentOf = ({ run, started, ended, sla: { outside } }: Counting): Books['incidents'] =>
  outside.errors === 0 ? [] : [{ from: started, to: ended, run, ...asCounted(outside) }];

const asCounted = ({ observed_s, requests, errors, down_s }: Counted): Counted => ({
  observed_s,
  requests,
  errors,
  down_s,
});

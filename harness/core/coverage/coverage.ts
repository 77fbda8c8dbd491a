import { boundFault } from '../kinds/fault.ts';
import type { Known } from '../kinds/known.ts';
import type { TopologySpec } from '../topology/spec.ts';
import { aimAt } from './aim-at.ts';
import type { Cell } from './cell.ts';
import { componentOf, componentsOf } from './component.ts';
import type { CoveredRun } from './covered-run.ts';
import { judgeCell, type Now, type Tried } from './judge-cell.ts';

export interface Covering {
  readonly spec: TopologySpec;
  readonly known: Pick<Known, 'faults' | 'steps'>;
  /** Runs of any topology, in any order. Only those of this Compose project count. */
  readonly runs: readonly CoveredRun[];
  /** Returns the experiment of a run as it is now, with the values that were set for the run. */
  readonly nowOf: (run: CoveredRun) => Now;
}

/** A failure at a component, as a key. */
export const keyOf = (failure: string, component: string): string => `${failure} of ${component}`;

/** Returns a cell for each fault at each component of a topology. Component by component, in the order of the faults. */
export function coverageOf({ spec, known, runs, nowOf }: Covering): readonly Cell[] {
  const tried = triedIn(
    runs.filter(({ project }) => project === spec.project),
    spec,
    known,
  );
  return componentsOf(spec).flatMap((component) =>
    known.faults.map((fault): Cell => {
      const found = tried.get(keyOf(fault.name, component.name)) ?? [];
      const cell = { component: component.name, kind: component.kind, failure: fault.name };
      const aimed = aimAt(fault, component, spec, known);
      // A person may have aimed a fault where no experiment is generated, for example at a member of a group.
      if (aimed.is === 'aimed' || found.length > 0) return { ...cell, ...judgeCell(found, nowOf) };
      const none = { run: null, when: null, experiment: null, changed: [] };
      return { ...cell, ...none, state: 'not applicable', reason: aimed.why };
    }),
  );
}

/** Returns the keys of the cells that a list of faults tries, each once. */
export function cellsOf(
  faults: CoveredRun['faults'],
  spec: TopologySpec,
  known: Pick<Known, 'faults'>,
): readonly string[] {
  const keys = faults.flatMap((one) => {
    const aims = boundFault(known.faults, one)?.aims;
    const component = aims === undefined ? undefined : componentOf(aims, spec);
    return component === undefined ? [] : [keyOf(one.fault, component)];
  });
  return [...new Set(keys)];
}

/** Returns the runs that tried each cell, the newest first. */
function triedIn(
  runs: readonly CoveredRun[],
  spec: TopologySpec,
  known: Pick<Known, 'faults'>,
): ReadonlyMap<string, readonly Tried[]> {
  const all = runs
    .toSorted((a, b) => (a.when < b.when ? 1 : a.when > b.when ? -1 : 0))
    .flatMap((run) => {
      const keys = cellsOf(run.faults, spec, known);
      return keys.map((key) => ({ key, run, beside: keys.filter((other) => other !== key) }));
    });
  return Map.groupBy(all, ({ key }) => key);
}

import type { Check } from '../../core/kinds/check.ts';
import { boundFault } from '../../core/kinds/fault.ts';
import { seriesNamed } from '../../core/kinds/series.ts';
import type { Needs } from '../../core/kinds/probe.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { kindOf } from '../../core/kinds/step.ts';
import { allSteps, faultsOf } from '../../core/plan/steps.ts';
import type { Observer } from '../../core/record/observation.ts';
import { servicesOf } from '../../core/topology/aim.ts';

/** What a run measures in addition to what every run measures. */
interface Measured {
  readonly observers: readonly Observer[];
  /** The services whose containers are watched. */
  readonly watched: readonly string[];
  /** Returns the sets of parameters for a probe, each once. */
  readonly paramsFor: (probe: string) => readonly unknown[];
}

/** Returns what the faults and other steps, hypotheses, stop conditions, controllers and charts of a plan need
 * together. */
export function measuredBy(plan: Plan, known: Known): Measured {
  const all = [...ofFaults(plan, known), ...ofSteps(plan, known), ...ofChecks(plan, known), ...ofSeries(plan, known)];
  const observers = new Map(all.flatMap((needs) => needs.observers ?? []).map((observer) => [observer.id, observer]));
  return {
    observers: [...observers.values()],
    watched: [...new Set(all.flatMap((needs) => needs.watched ?? []))],
    paramsFor(probe) {
      const sets = all.flatMap(({ probes = {} }) => probes[probe] ?? []);
      return [...new Map(sets.map((params) => [JSON.stringify(params), params])).values()];
    },
  };
}

const ofFaults = ({ faults, topology }: Plan, known: Known): Needs[] =>
  faultsOf(faults).flatMap((planned) => {
    const fault = boundFault(known.faults, planned);
    const target = fault?.aims.target;
    const watched = target === undefined ? [] : servicesOf(topology, target);
    return fault === undefined ? [] : { observers: fault.observers(topology), watched };
  });

const ofSteps = ({ faults, topology }: Plan, { steps: kinds }: Known): Needs[] =>
  allSteps(faults).map((step) => kindOf(step, kinds).measures?.(step, topology) ?? {});

function ofChecks({ hypotheses, stop_if: stops = [], topology }: Plan, { checks }: Known): Needs[] {
  const named = (name: string): Check | undefined => checks.find((check) => check.name === name);
  return [
    ...hypotheses.map(({ check, params }) => named(check)?.measures?.(params, topology) ?? {}),
    ...stops.map(({ check, params }) => named(check)?.stopIf?.measures?.(params, topology) ?? {}),
  ];
}

function ofSeries({ charts = [], controllers: planned = [], topology }: Plan, { series, controllers }: Known): Needs[] {
  const read = planned.flatMap(
    ({ controller, params }) => controllers.find(({ name }) => name === controller)?.reads?.(params) ?? [],
  );
  return [...charts, ...read].map((named) => seriesNamed(series, named)?.needs?.(named.of, topology) ?? {});
}

import { type BoundFault, boundFault, type Fault } from '../../core/kinds/fault.ts';
import type { Mismatch, Path } from '../../core/plan/mismatch.ts';
import type { Moment, StepTimes } from '../../core/plan/moment.ts';
import type { PlannedFault, PlannedStep } from '../../core/plan/plan.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import { candidates, containerName, draw } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** A fault with its place in the file, and the containers that it surely hits. */
interface Placed {
  readonly fault: BoundFault;
  readonly path: Path;
  readonly hit: readonly string[];
  readonly begins: Moment;
  readonly ends: Moment;
}

/** What the faults of a list are checked against. `phase`: the length of the fault phase, milliseconds. */
interface Surroundings {
  readonly topology: TopologySpec;
  readonly catalogue: readonly Fault[];
  readonly times: ReadonlyMap<PlannedStep, StepTimes>;
  readonly places: ReadonlyMap<PlannedStep, Path>;
  readonly phase: number;
}

/**
 * Returns the faults that would begin in a container while another fault keeps it from running. A fault is refused
 * when this happens both with every wait at its shortest and with every wait at its longest. When it happens with some
 * lengths of the waits only, the run finds out, and does not inject the fault. The run finds out, too, when the seed or
 * a role chooses the container.
 */
export function clashes(steps: readonly PlannedStep[], surroundings: Surroundings): Mismatch[] {
  const all = faultsOf(steps).flatMap((planned) => placed(planned, surroundings) ?? []);
  const keepers = all.filter(({ fault }) => fault.keeps !== undefined);
  return all.flatMap((one) => {
    const keeper = keepers.find((other) => other !== one && keepsOut(other, one));
    return keeper === undefined ? [] : mismatchOf(one, keeper);
  });
}

function placed(
  planned: PlannedFault,
  { topology, catalogue, times, places, phase }: Surroundings,
): Placed | undefined {
  const [fault, path, found] = [boundFault(catalogue, planned), places.get(planned), times.get(planned)];
  if (fault === undefined || path === undefined || found === undefined) return undefined;
  const { begins } = found;
  const end = { earliest: phase, latest: phase };
  return { fault, path, hit: surelyHit(topology, fault), begins, ends: planned.for === undefined ? end : found.ends };
}

/** Faults of a link act in the container of the proxies. */
function surelyHit(topology: TopologySpec, { aims: { link, target } }: BoundFault): readonly string[] {
  const { toxiproxyService: proxies } = topology;
  if (link !== undefined) return proxies === undefined ? [] : [containerName(topology, proxies, 1)];
  if (target === undefined || target.role !== undefined) return [];
  const all = candidates(topology, target);
  return draw(all, target, () => 0).length === all.length ? all : [];
}

const shared = (a: Placed, b: Placed): string | undefined => a.hit.find((container) => b.hit.includes(container));

function keepsOut(keeper: Placed, one: Placed): boolean {
  // A second fault may keep a container down: then the state that the younger fault sets is in force. But no fault can
  // begin in a container that is removed.
  if (one.fault.keeps !== undefined && keeper.fault.keeps === 'down') return false;
  if (shared(keeper, one) === undefined) return false;
  const during = (which: keyof Moment): boolean =>
    keeper.begins[which] <= one.begins[which] && one.begins[which] < keeper.ends[which];
  return during('earliest') && during('latest');
}

function mismatchOf(one: Placed, keeper: Placed): Mismatch {
  const container = shared(keeper, one) ?? '';
  const how = keeper.fault.keeps === 'gone' ? 'is removed' : 'does not run';
  return {
    path: one.path,
    beside: keeper.path,
    code: 'CHAOS_FAULTS_CLASH',
    message: `"${one.fault.name}" begins in ${container}, which ${how} then because of "${keeper.fault.name}"`,
    hint: 'Let it begin when the other fault is over, or aim one of them at another container.',
  };
}

import { boundFault, type Fault } from '../kinds/fault.ts';
import { kindOf, type StepKind } from '../kinds/step.ts';
import { seededRandom } from '../random.ts';
import { candidates, describeTarget, draw, type Target } from '../topology/aim.ts';
import type { Plan, PlannedFault, PlannedStep } from './plan.ts';
import type { StepTimes } from './moment.ts';
import type { FaultRow, Outlined } from './outlined.ts';
import { timesOf } from './times.ts';

const NOTHING: Outlined = { rows: [], lines: [], faults: [] };

const joined = (a: Outlined, b: Outlined): Outlined => ({
  rows: [...a.rows, ...b.rows],
  lines: [...a.lines, ...b.lines],
  faults: [...a.faults, ...b.faults],
});

/** Returns the steps as the file has them. A repeat shows its first round only. */
export function outlineOf(plan: Plan, kinds: readonly StepKind[], faults: readonly Fault[]): Outlined {
  const times = timesOf(plan.faults, kinds);
  const outline = (steps: readonly PlannedStep[]): Outlined =>
    steps
      .map((step) => {
        const found = times.get(step) as StepTimes;
        const row = (fault: PlannedFault, { begins }: StepTimes): FaultRow => faultRow(plan, faults, fault, begins);
        return kindOf(step, kinds).outline(step, { plan, times: found, outline, faultRow: row });
      })
      .reduce(joined, NOTHING);
  return outline(plan.faults);
}

function faultRow(
  plan: Plan,
  catalogue: readonly Fault[],
  planned: PlannedFault,
  { earliest, latest }: StepTimes['begins'],
): FaultRow {
  const { fault: name, at, for: lasts } = planned;
  const fault = boundFault(catalogue, planned);
  const { link, target } = fault?.aims ?? {};
  return {
    name,
    targets: link !== undefined ? [link] : target === undefined ? [] : aimedAt(plan, target),
    undo: fault?.undoes ?? '',
    at_s: at / 1_000,
    for_s: lasts === undefined ? null : lasts / 1_000,
    begins_s: { earliest: earliest / 1_000, latest: latest / 1_000 },
  };
}

/** Returns the names that a fault would hit. The container with a role is known only when the fault begins. */
function aimedAt({ topology, seed }: Plan, target: Target): readonly string[] {
  if (target.role !== undefined) return [describeTarget(target)];
  return draw(candidates(topology, target), target, seededRandom(seed));
}

import { candidates, describeTarget, draw } from '../core/aim.ts';
import type { Plan, PlannedFault, PlannedStep, PlannedWait } from '../core/plan.ts';
import { seededRandom } from '../core/random.ts';
import { describeCondition, isFault, isWait, type StepTimes, timesOf } from '../core/steps.ts';
import type { Target } from '../core/topology.ts';
import { catalogue } from '../main.ts';

export interface FaultRow {
  readonly name: string;
  readonly targets: readonly string[];
  readonly undo: string;
  /** After its turn. */
  readonly at_s: number;
  readonly for_s: number | null;
  /** After the fault phase began. */
  readonly begins_s: { readonly earliest: number; readonly latest: number };
}

interface WaitRow {
  readonly until: string;
  readonly within_s: number;
  readonly continue_on_failure: boolean;
}

/** A step as `plan --json` prints it. */
export type StepRow =
  | { readonly fault: FaultRow }
  | { readonly wait: WaitRow }
  | { readonly sequence: readonly StepRow[] }
  | { readonly parallel: readonly StepRow[] }
  | { readonly repeat: { readonly times: number; readonly every_s: number; readonly round: StepRow | null } };

/** Steps as they are written: of a repeat its first round. */
export function stepRows(plan: Plan): StepRow[] {
  const times = timesOf(plan.faults);
  const row = (step: PlannedStep): StepRow => {
    if (isFault(step)) return { fault: faultRow(plan, step, times.get(step)) };
    if (isWait(step)) return { wait: waitRow(step) };
    if ('sequence' in step) return { sequence: step.sequence.map(row) };
    if ('parallel' in step) return { parallel: step.parallel.map(row) };
    const [first] = step.rounds;
    const round = first === undefined ? null : row(first);
    return { repeat: { times: step.rounds.length, every_s: step.every / 1_000, round } };
  };
  return plan.faults.map(row);
}

/** Every fault once, whatever step it stands in. */
export function faultRows(rows: readonly StepRow[]): FaultRow[] {
  return rows.flatMap((row) => {
    if ('fault' in row) return [row.fault];
    if ('wait' in row) return [];
    if ('sequence' in row) return faultRows(row.sequence);
    if ('parallel' in row) return faultRows(row.parallel);
    return row.repeat.round === null ? [] : faultRows([row.repeat.round]);
  });
}

function faultRow(plan: Plan, planned: PlannedFault, times: StepTimes | undefined): FaultRow {
  const { fault: name, params, at, for: lasts } = planned;
  const fault = catalogue.faults.find((f) => f.name === name);
  const { link, target } = fault?.aims(params) ?? {};
  const { earliest = at, latest = at } = times?.begins ?? {};
  return {
    name,
    targets: link !== undefined ? [link] : target === undefined ? [] : aimedAt(plan, target),
    undo: fault?.undoes(params) ?? '',
    at_s: at / 1_000,
    for_s: lasts === undefined ? null : lasts / 1_000,
    begins_s: { earliest: earliest / 1_000, latest: latest / 1_000 },
  };
}

const waitRow = ({ wait, within, continueOnFailure }: PlannedWait): WaitRow => ({
  until: describeCondition(wait),
  within_s: within / 1_000,
  continue_on_failure: continueOnFailure === true,
});

/** What a fault would hit: by name where that stands before anybody has looked; a role is known when the fault begins. */
function aimedAt({ topology, seed }: Plan, target: Target): readonly string[] {
  if (target.role !== undefined) return [describeTarget(target)];
  return draw(candidates(topology, target), target, seededRandom(seed));
}

/** For people, a line each; what a step holds is indented. */
export function stepLines(rows: readonly StepRow[]): string[] {
  return rows.flatMap((row) => {
    if ('fault' in row) return faultLines(row.fault);
    if ('wait' in row) {
      const { until, within_s: within, continue_on_failure: goesOn } = row.wait;
      return [`wait         until ${until}, ${within} s at most, ${goesOn ? 'then go on' : 'else INCONCLUSIVE'}`];
    }
    if ('sequence' in row) return block('in sequence', row.sequence);
    if ('parallel' in row) return block('side by side', row.parallel);
    const { times, every_s: every, round } = row.repeat;
    const inner = round !== null && 'sequence' in round ? round.sequence : [];
    return block(`${times} times${every === 0 ? '' : `, every ${every} s`}`, inner);
  });
}

const block = (title: string, rows: readonly StepRow[]): string[] => [
  title,
  ...stepLines(rows).map((line) => `  ${line}`),
];

function faultLines({ name, targets, at_s: at, for_s: lasts, begins_s: begins, undo }: FaultRow): string[] {
  const { earliest, latest } = begins;
  const length = lasts === null ? '' : ` for ${lasts} s`;
  const when =
    earliest === latest
      ? ` after ${earliest} s${length}`
      : `${length}, ${at} s after its turn (${earliest} to ${latest} s after the phase began)`;
  return [`fault        ${name} of ${targets.join(', ')}${when}`, `  undo       ${undo}`];
}

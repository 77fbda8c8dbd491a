import type { ZodType } from 'zod';
import type { Clock } from '../clock.ts';
import type { Mismatch, Path } from '../plan/mismatch.ts';
import type { FaultRow, Outlined } from '../plan/outlined.ts';
import type { Plan, PlannedFault, PlannedStep } from '../plan/plan.ts';
import type { Moment, StepTimes } from '../plan/moment.ts';
import type { RunEvent } from '../record/events.ts';
import type { TopologyControl } from '../topology/control.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { UndoStep } from '../topology/undo.ts';
import type { BoundFault, Fault } from './fault.ts';
import type { Needs } from './probe.ts';

/** A name that an item of an experiment's lists may have, and the shape of its value. */
export interface Form {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The value as a person writes it. */
  readonly example: unknown;
  readonly schema: ZodType;
}

/** What the forms of a kind of step are made of. */
interface FormParts {
  /** The shape of a list with at least one step of any kind. */
  readonly steps: ZodType;
  readonly faults: readonly Fault[];
}

/** An item of a list of steps, while it is read. */
export interface Item {
  /** The key of the item: "kill", "wait". */
  readonly name: string;
  /** The value as the file has it. */
  readonly written: unknown;
  /** The value as the kind's schema made it. Undefined when there is a mistake in it. */
  readonly parsed: unknown;
  /** The path of the value in the file. */
  readonly path: Path;
  /**
   * Returns a name that is unique in a run: "wait-1". Within a repeat, the number of the round follows: "wait-1.3" in
   * the third round.
   */
  readonly id: () => string;
  /** Reads the steps of a list at `path`. A mistake in one of them does not hide the others. */
  readonly steps: (list: unknown, path: Path) => PlannedStep[];
  /**
   * Reads the list `times` times, once for each round. Returns undefined when this makes more than MOST_ROUNDS rounds.
   * The mistake is then reported at the path `count`.
   */
  readonly rounds: (list: unknown, path: Path, times: number, count: Path) => PlannedStep[][] | undefined;
  /** Says that this item may hold faults that could not be read. Then "no fault" is not reported as a mistake. */
  readonly unread: () => void;
}

/** What a step is checked against. */
export interface StepSurroundings {
  /** The path of the step's value in the file. */
  readonly path: Path;
  /** Undefined when the topology has mistakes of its own. */
  readonly topology: TopologySpec | undefined;
  /** Whether the step is within a repeat. */
  readonly repeated: boolean;
  /** Returns the fault of this name with its parameters; undefined when there is none. */
  readonly fault: (step: PlannedFault) => BoundFault | undefined;
}

/** When a step begins and ends, and how long its phase lasts, milliseconds. */
interface StepFit extends StepTimes {
  readonly path: Path;
  readonly phase: number;
  /** Returns how long a step within this step takes at least, milliseconds. */
  readonly shortest: (step: PlannedStep) => number;
}

/** What `plan` prints a step from. */
interface Outlining {
  readonly plan: Plan;
  /** When the step begins and ends. */
  readonly times: StepTimes;
  /** Outlines the steps within a step. */
  readonly outline: (steps: readonly PlannedStep[]) => Outlined;
  /** Returns the row of a fault. */
  readonly faultRow: (step: PlannedFault, times: StepTimes) => FaultRow;
}

/** When a step's turn comes, epoch milliseconds. */
export interface Turn {
  readonly from: number;
  /** When the step before this step began. A condition that came about since then is not waited for again. */
  readonly since: number;
}

/** A fault that is being injected or is in force. */
export interface Injection {
  /** Injects the fault. Rejects when that fails, and when the run is aborted. */
  readonly inject: () => Promise<void>;
  /** Heals the fault. A second call waits for the first. */
  readonly heal: () => Promise<unknown>;
}

/** What a step may do while it is carried out. */
export interface StepRun {
  readonly clock: Clock;
  readonly topology: TopologyControl;
  readonly emit: (event: RunEvent) => void;
  /** Aborted when the run has ended, or when a fault could not be injected. Then a step throws the signal's reason. */
  readonly stop: AbortSignal;
  /** Aborted with `stop`, and at the end of the fault phase. Then no further step begins. */
  readonly going: AbortSignal;
  /** Waits until `t`, epoch milliseconds. Resolves with false when the phase ended before. Rejects at `stop`. */
  readonly until: (t: number) => Promise<boolean>;
  /**
   * Carries out a step within this step. Resolves with the time at which it ended, epoch milliseconds; with undefined
   * when the phase ended before.
   */
  readonly take: (step: PlannedStep, turn: Turn) => Promise<number | undefined>;
  /** Begins a fault. Call `inject` at once, and await nothing between. Returns undefined when the phase has ended. */
  readonly begin: (step: PlannedFault) => Injection | undefined;
  /**
   * Writes a way back to disk, before the change of the step's own that it reverses. It is carried out whenever the faults are
   * healed, however the run ends. So it must be harmless when it runs twice, and when there is nothing to reverse.
   */
  readonly keep: (id: string, way: UndoStep) => Promise<void>;
  /** Every event so far that is not a sample of something: see `isSample`. */
  readonly changes: () => readonly RunEvent[];
  /** Calls the listener with every event from now on, samples included, until disposed. */
  readonly onEvent: (listener: (event: RunEvent) => void) => Disposable;
  /** Ends the fault phase. */
  readonly end: () => void;
}

/** A kind of step as its author writes it. One file under harness/steps/. `S`: the step as a plan holds it. */
export interface StepDefinition<S extends PlannedStep> {
  readonly name: string;
  /** The key of the planned step by which its kind is known, also in records. */
  readonly key: keyof S & string;
  /** Returns what a person may write: as a rule one form, with the kind's name. */
  forms(parts: FormParts): readonly Form[];
  /** Returns the step; undefined when there is a mistake in it. */
  read(item: Item): S | undefined;
  /**
   * Returns when the step begins and ends if its turn comes at `turn`. `walk` returns when a step within it ends. The
   * time that it takes to inject and to heal is not counted.
   */
  times(step: S, turn: Moment, walk: (step: PlannedStep, turn: Moment) => Moment): StepTimes;
  outline(step: S, outlining: Outlining): Outlined;
  /** Returns the names in the step that do not exist, and what else no schema finds. */
  mismatches?(step: S, surroundings: StepSurroundings): readonly Mismatch[];
  /** Returns what a run must measure for the step itself, beside what every run measures. Absent: nothing more. */
  measures?(step: S, spec: TopologySpec): Needs;
  /** Returns the mistake when the step does not fit into its phase. */
  misfit?(step: S, fit: StepFit): Mismatch | undefined;
  /**
   * Carries out the step. Resolves as `StepRun.take` does. Records `step.began` and `step.ended`, which every report
   * draws.
   */
  carryOut(step: S, turn: Turn, run: StepRun): Promise<number | undefined>;
}

/** A kind of step as the catalogue lists it. Its functions get only steps that have its key. */
export interface StepKind extends Omit<StepDefinition<PlannedStep>, 'key'> {
  readonly key: string;
}

/** The types are safe: a step's key says its kind, so a kind gets only the steps that its own `read` has made. */
export const defineStep = <S extends PlannedStep>(step: StepDefinition<S>): StepDefinition<S> & StepKind => step;

/** Returns the kind of a planned step. Throws a RangeError when this version has no such kind. */
export function kindOf(step: PlannedStep, kinds: readonly StepKind[]): StepKind {
  const kind = kinds.find(({ key }) => key in step);
  if (kind === undefined) throw new RangeError(`this version knows no step like ${JSON.stringify(step).slice(0, 80)}`);
  return kind;
}

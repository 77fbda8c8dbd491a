import type { Clock } from '../core/clock.ts';
import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import type { JournalEntry, UndoStep } from '../core/topology/undo.ts';

/** An undo step may take this long, milliseconds. */
const UNDO_MS = 20_000;
/** Milliseconds between two tries of one step. */
const TRY_AGAIN_MS = 500;

/** What healing needs: the topology, a clock, who heals, and where events go. */
export interface Healer {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly by: 'run' | 'guardian' | 'heal';
  readonly emit: (event: RunEvent) => void;
}

/** Records an event if the record can be written. A full disk must not stop the healing. */
export function tell(emit: Healer['emit'], event: RunEvent): void {
  try {
    emit(event);
  } catch {
    // The run gets the same error at its next event, and reports it.
  }
}

/**
 * Carries out undo steps in the given order (newest first). A failed step does not stop the next. Resolves with the
 * failed steps.
 */
export async function undoAll(
  healer: Healer,
  entries: readonly JournalEntry[],
  undo: (entry: JournalEntry) => Promise<boolean> = (entry) => undoStep(healer, entry),
): Promise<readonly JournalEntry[]> {
  const failed: JournalEntry[] = [];
  for (const entry of entries) if (!(await undo(entry))) failed.push(entry);
  return failed;
}

/** Carries out one undo step. Resolves with false when it failed. Never throws. */
const undoStep = (healer: Healer, { id, step }: JournalEntry): Promise<boolean> => undoFor(healer, step, [id]);

export interface UndoTries {
  /** How often a step is tried at most, half a second apart. By default once. */
  readonly tries?: number;
  /** True when the step is tried again later, so that a failure is not recorded. */
  readonly again?: boolean;
}

/**
 * Carries out one undo step that one fault or several faults have recorded, and records the result for each of these
 * faults. Resolves with false when the step failed. Never throws.
 */
export async function undoFor(
  { topology, clock, by, emit }: Healer,
  step: UndoStep,
  ids: readonly string[],
  { tries = 1, again = false }: UndoTries = {},
): Promise<boolean> {
  for (let tried = 1; ; tried += 1) {
    try {
      await withDeadline(`undo (${step.do})`, UNDO_MS, topology.undo(step));
      for (const id of ids) tell(emit, { t: clock.now(), kind: 'undo.done', id, step, by });
      return true;
    } catch (error) {
      if (tried < tries) {
        await clock.sleep(TRY_AGAIN_MS);
        continue;
      }
      for (const id of again ? [] : ids)
        tell(emit, { t: clock.now(), kind: 'undo.failed', id, step, error: describeError(error) });
      return false;
    }
  }
}

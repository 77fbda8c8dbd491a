import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import type { Residue } from '../core/topology.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import { describeUndo, manualUndo, type UndoPlaces } from '../core/undo.ts';
import type { JournalEntry } from './journal.ts';

const UNDO_MS = 20_000;
/** An order that was under way when its sender died may still be carried out after the undo: look again after this. */
const LATE_ORDER_MS = 1_000;

export interface Healer {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly by: 'run' | 'guardian' | 'heal';
  readonly emit: (event: RunEvent) => void;
}

/** Healing goes on when the record cannot be written (a full disk): what is lost then is a line, and not the system. */
export function tell(emit: Healer['emit'], event: RunEvent): void {
  try {
    emit(event);
  } catch {
    // The run itself meets the same error, and reports it.
  }
}

/** Carries out undo steps in the given order (newest first), whatever becomes of each. Answers those that failed. */
export async function undoAll(
  healer: Healer,
  entries: readonly JournalEntry[],
  undo: (entry: JournalEntry) => Promise<boolean> = (entry) => undoStep(healer, entry),
): Promise<readonly JournalEntry[]> {
  const failed: JournalEntry[] = [];
  for (const entry of entries) if (!(await undo(entry))) failed.push(entry);
  return failed;
}

/** Carries out one; false when it failed. Never throws. */
export async function undoStep({ topology, clock, by, emit }: Healer, { id, step }: JournalEntry): Promise<boolean> {
  try {
    await withDeadline(`undo (${step.do})`, UNDO_MS, topology.undo(step));
    tell(emit, { t: clock.now(), kind: 'undo.done', id, step, by });
    return true;
  } catch (error) {
    tell(emit, { t: clock.now(), kind: 'undo.failed', id, step, error: describeError(error) });
    return false;
  }
}

/**
 * What is not as it should be after the undo steps, of which these `failed`. What is still there is put right once more;
 * what then remains is answered, each with the command by which a person mends it. Never throws.
 */
export async function auditResidue(
  healer: Healer,
  failed: readonly JournalEntry[],
  late: boolean,
): Promise<readonly Residue[]> {
  const { topology, clock } = healer;
  let still = failed;
  try {
    if (late) await clock.sleep(LATE_ORDER_MS);
    const found = await topology.residue();
    if (found.length === 0 && failed.length === 0) return found;
    await topology.restore();
    still = await undoAll(healer, failed);
    const left = await topology.residue();
    const commands = new Set(left.map((r) => r.how_to_undo));
    return [...left, ...byHand(still, topology.spec).filter((r) => !commands.has(r.how_to_undo))];
  } catch (error) {
    return [...byHand(still, topology.spec), unseen(error)];
  }
}

/** Steps that nobody carried out, each with the command by which a person does. */
export const byHand = (steps: readonly JournalEntry[], places: UndoPlaces): Residue[] =>
  steps.map(({ id, step }) => ({
    kind: 'not undone',
    target: `${id}: ${describeUndo(step)}`,
    how_to_undo: manualUndo(step, places),
  }));

/** Nobody could look: that is no proof that all is well. */
export const unseen = (error: unknown): Residue => ({
  kind: 'unknown',
  target: describeError(error),
  how_to_undo: 'chaos heal',
});

/** Waits until the system is well; undefined when it is, else what it still waits for when the deadline has passed. */
export async function waitHealthy(
  { topology, clock }: Pick<Healer, 'topology' | 'clock'>,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const until = clock.now() + deadlineMs;
  for (;;) {
    const { healthy, waitingFor } = await topology.health();
    if (healthy) return undefined;
    if (clock.now() >= until) return waitingFor;
    await clock.sleep(300, signal);
  }
}

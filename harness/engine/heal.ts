import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';
import type { Residue } from '../core/topology.ts';
import type { TopologyControl } from '../core/topology-control.ts';
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

/** Carries out undo steps in the given order (newest first). A step that fails is an event; the others still run. */
export async function undoAll({ topology, clock, by, emit }: Healer, entries: readonly JournalEntry[]): Promise<void> {
  for (const { id, step } of entries) {
    try {
      await withDeadline(`undo (${step.do})`, UNDO_MS, topology.undo(step));
      emit({ t: clock.now(), kind: 'undo.done', id, step, by });
    } catch (error) {
      emit({ t: clock.now(), kind: 'undo.failed', id, step, error: describeError(error) });
    }
  }
}

/** What is not as it should be; what is still there is put right once more. Answers what then remains. */
export async function auditResidue({ topology, clock }: Healer, late: boolean): Promise<readonly Residue[]> {
  if (late) await clock.sleep(LATE_ORDER_MS);
  const found = await topology.residue();
  if (found.length === 0) return found;
  await topology.restore();
  return topology.residue();
}

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

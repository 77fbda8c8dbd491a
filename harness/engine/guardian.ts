import type { Clock } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Residue } from '../core/topology.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import { EventLog, readEvents } from './event-log.ts';
import { keepLogs } from './container-logs.ts';
import { auditResidue, type Healer, tell, undoAll, unseen, waitHealthy } from './heal.ts';
import { readJournal } from './journal.ts';

/** Time that the system is given to become healthy after healing, before the record is closed, milliseconds. */
const HEALTHY_MS = 60_000;

export interface Recovery {
  readonly dir: string;
  readonly by: 'guardian' | 'heal';
  readonly topology: TopologyControl;
  readonly clock: Clock;
  /** The dead run had brought the topology up, so it goes too. */
  readonly down: boolean;
  /** It had lived and given no sign of life, and was ended. */
  readonly hung?: boolean;
  redact(text: string): string;
}

/**
 * Puts back whatever a dead run left behind: its journal newest first, then everything else that is not as it should be.
 * Appends to the run's record, which says INTERRUPTED from then on. Idempotent.
 */
export async function recover(recovery: Recovery): Promise<void> {
  const { dir, by, topology, clock, down, hung = false } = recovery;
  using log = openRecord(recovery);
  const emit = (event: RunEvent): void => tell((e) => log?.emit(e), event);
  const note = (message: string): void => emit({ t: clock.now(), kind: 'note', message: `${by}: ${message}` });
  const healer: Healer = { topology, clock, by, emit };
  const events = recorded(dir);
  if (!events.some((event) => ENDS.has(event.kind))) emit({ t: clock.now(), kind: 'interrupted', by: 'killed' });
  if (hung) note('the run gave no sign of life while its faults were in force, and was ended');
  const failed = await undoAll(healer, readJournal(dir));
  let residue: readonly Residue[] = [];
  try {
    await topology
      .restore()
      .catch((error: unknown) => note(`not everything could be put right: ${describeError(error)}`));
    residue = await auditResidue(healer, failed, true);
    note(residue.length === 0 ? 'nothing is left of the faults' : 'something is left');
    const unkept = await keepLogs({ ...recovery, since: events[0]?.t ?? clock.now() });
    if (unkept !== undefined) note(unkept);
    if (down) {
      await topology.down();
      note('the topology that the run had started is stopped');
      residue = [];
    }
    const missing = down ? undefined : await waitHealthy(healer, HEALTHY_MS);
    emit({ t: clock.now(), kind: 'residue', residue, healthy: missing === undefined });
  } catch (error) {
    emit({ t: clock.now(), kind: 'residue', residue: [...residue, unseen(error)], healthy: false });
  }
}

/** A record that cannot be opened (a full disk, a folder that is gone) keeps nobody from healing. */
function openRecord(recovery: Recovery): EventLog | undefined {
  try {
    return new EventLog(recovery.dir, [], (text) => recovery.redact(text));
  } catch {
    return undefined;
  }
}

const ENDS: ReadonlySet<RunEvent['kind']> = new Set(['interrupted', 'aborted', 'run.ended', 'error', 'not-ready']);

/** What the record holds; nothing where it cannot be read. */
function recorded(dir: string): readonly RunEvent[] {
  try {
    return readEvents(dir);
  } catch {
    return [];
  }
}

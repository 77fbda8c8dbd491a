import type { Clock } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import { EventLog, readEvents } from './event-log.ts';
import { keepLogs } from './container-logs.ts';
import { auditResidue, type Healer, undoAll, waitHealthy } from './heal.ts';
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
  redact(text: string): string;
}

/**
 * Puts back whatever a dead run left behind: its journal newest first, then everything else that is not as it should be.
 * Appends to the run's record, which says INTERRUPTED from then on. Idempotent.
 */
export async function recover(recovery: Recovery): Promise<void> {
  const { dir, by, topology, clock, down } = recovery;
  using log = new EventLog(dir, [], (text) => recovery.redact(text));
  const emit = (event: RunEvent): void => log.emit(event);
  const healer: Healer = { topology, clock, by, emit };
  const events = readEvents(dir);
  if (!hasEnded(events)) emit({ t: clock.now(), kind: 'interrupted', by: 'killed' });
  try {
    await undoAll(healer, readJournal(dir));
    await topology.restore();
    let residue = await auditResidue(healer, true);
    emit({
      t: clock.now(),
      kind: 'note',
      message: `${by}: ${residue.length === 0 ? 'nothing is left of the faults' : 'something is left'}`,
    });
    const unkept = await keepLogs({ ...recovery, since: events[0]?.t ?? clock.now() });
    if (unkept !== undefined) emit({ t: clock.now(), kind: 'note', message: `${by}: ${unkept}` });
    if (down) {
      await topology.down();
      emit({ t: clock.now(), kind: 'note', message: `${by}: the topology that the run had started is stopped` });
      residue = [];
    }
    const missing = down ? undefined : await waitHealthy(healer, HEALTHY_MS);
    emit({ t: clock.now(), kind: 'residue', residue, healthy: missing === undefined });
  } catch (error) {
    const residue = [{ kind: 'unknown', target: describeError(error), how_to_undo: 'chaos heal' }];
    emit({ t: clock.now(), kind: 'residue', residue, healthy: false });
  }
}

const hasEnded = (events: readonly RunEvent[]): boolean =>
  events.some(
    (e) => e.kind === 'interrupted' || e.kind === 'run.ended' || e.kind === 'error' || e.kind === 'not-ready',
  );

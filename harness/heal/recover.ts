import type { Clock } from '../core/clock.ts';
import { SILENT } from '../core/record/notes.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { Residue } from '../core/topology/residue.ts';
import type { Snapshot } from '../core/topology/snapshot/snapshot.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import { EventLog, readEvents } from '../record/event-log.ts';
import { keepLogs } from '../record/container-logs.ts';
import { seal } from '../record/seal.ts';
import { ResidueAudit } from './audit.ts';
import { readBefore } from './before.ts';
import { type Healer, tell, undoAll } from './undo.ts';
import { wasBroken } from '../core/record/history.ts';
import { NOT_COMPARED, unseen } from '../core/topology/residue.ts';
import { waitHealthy } from './health.ts';
import { readJournal } from './journal.ts';

/** The system has this long to become healthy after healing, milliseconds. Then the record is closed. */
const HEALTHY_MS = 60_000;

export interface Recovery {
  readonly dir: string;
  /** The folder of the run's journal. */
  readonly journal: string;
  readonly by: 'guardian' | 'heal';
  readonly topology: TopologyControl;
  readonly clock: Clock;
  /** The dead run had brought the topology up, so it is removed too. */
  readonly down: boolean;
  /** The run lived and gave no sign of life. It was ended. */
  readonly hung?: boolean;
  redact(text: string): string;
}

/** What the audit at the end of a recovery found. */
export interface Recovered {
  readonly restored: boolean;
  readonly residue: readonly Residue[];
}

/**
 * Returns true when a run died before it did anything, for example because its disk was full or its folder could not be
 * written. Returns false when the journal has a step, even if somebody has removed the run's folder. Returns false when
 * the journal or the record cannot be read, because then the run may have acted.
 */
export function neverBegan(dir: string, journal: string): boolean {
  try {
    return readJournal(journal).length === 0 && readEvents(dir).length === 0;
  } catch {
    return false;
  }
}

/**
 * Heals what a dead run left behind. First the undo steps of the run's journal are carried out: stopped containers run
 * again, and then the newest step comes first. Then the audit looks for residue, records it, and repairs it. The audit
 * looks once more when the system is healthy, because a database that is down shows nothing.
 * Appends to the run's record and seals it. A record that does not say how its run ended says from then on that the run
 * was interrupted. A second call is harmless.
 */
export async function recover(recovery: Recovery): Promise<Recovered> {
  const recovered = await putBack(recovery);
  try {
    seal(recovery.dir);
  } catch {
    // On a full disk the record stays without a seal. A killed run is INTERRUPTED without a seal too.
  }
  return recovered;
}

async function putBack(recovery: Recovery): Promise<Recovered> {
  const { dir, by, topology, clock, down, hung = false } = recovery;
  using log = openRecord(recovery);
  const emit = (event: RunEvent): void => tell((e) => log?.emit(e), event);
  const note = (message: string): void => emit({ t: clock.now(), kind: 'note', message: `${by}: ${message}` });
  const healer: Healer = { topology, clock, by, emit };
  const events = recorded(dir);
  if (!events.some((event) => ENDS.has(event.kind))) emit({ t: clock.now(), kind: 'interrupted', by: 'killed' });
  if (hung) note(SILENT);
  const journal = readKept(() => readJournal(recovery.journal), []);
  const before = readKept<Snapshot | undefined>(() => readBefore(recovery.journal), undefined);
  // Without the snapshot from before its faults nobody can compare: the notes of a run that was healed before are gone.
  const uncompared = wasBroken({ events }) && before.kept === undefined ? [NOT_COMPARED] : [];
  const unread = [...journal.unread, ...before.unread, ...uncompared];
  const audit = new ResidueAudit(healer, before.kept);
  const failed = await undoAll(healer, journal.kept);
  let residue: readonly Residue[] = [];
  try {
    residue = [...(await audit.look('after the run had died', { failed, late: true })), ...unread];
    const unkept = await keepLogs({ ...recovery, containers: topology.containers, since: events[0]?.t ?? clock.now() });
    if (unkept !== undefined) note(unkept);
    let missing: readonly string[] | undefined;
    if (down) {
      // A volume that stays keeps what a fault has done to it: a database must be healthy to take it back.
      if (residue.length > 0) {
        await waitHealthy(healer, HEALTHY_MS);
        residue = [...(await audit.look('when the system was healthy again', { failed })), ...unread];
      }
      const kept = await topology.down();
      const rest = kept.length === 0 ? '' : `; kept, because chaos did not make it: ${kept.join(', ')}`;
      note(`the topology that the run had started is removed${rest}`);
      if (kept.length === 0) residue = [];
    } else {
      missing = await waitHealthy(healer, HEALTHY_MS);
      residue = [...(await audit.look('when the system was healthy again', { failed })), ...unread];
    }
    const repaired =
      audit.found > 0 ? 'everything that was left of the faults is repaired' : 'nothing is left of the faults';
    note(residue.length === 0 ? repaired : 'something is left of the faults');
    const healthy = missing === undefined;
    emit({ t: clock.now(), kind: 'residue', residue, healthy });
    return { restored: residue.length === 0 && healthy, residue };
  } catch (error) {
    const left = [...residue, unseen(error)];
    emit({ t: clock.now(), kind: 'residue', residue: left, healthy: false });
    return { restored: false, residue: left };
  }
}

/**
 * Returns undefined when the record cannot be opened (a full disk, a folder that is gone). Healing goes on without it.
 */
function openRecord(recovery: Recovery): EventLog | undefined {
  try {
    return new EventLog(recovery.dir, [], (text) => recovery.redact(text));
  } catch {
    return undefined;
  }
}

const ENDS: ReadonlySet<RunEvent['kind']> = new Set(['interrupted', 'aborted', 'run.ended', 'error', 'not-ready']);

/** Returns the events of the record; none when it cannot be read. */
function recorded(dir: string): readonly RunEvent[] {
  try {
    return readEvents(dir);
  } catch {
    return [];
  }
}

/**
 * Reads a file that the run kept for its healing. When the file cannot be read, healing goes on with `nothing` instead.
 * The error is residue then, so the run is not restored.
 */
export function readKept<T>(read: () => T, nothing: T): { readonly kept: T; readonly unread: readonly Residue[] } {
  try {
    return { kept: read(), unread: [] };
  } catch (error) {
    return { kept: nothing, unread: [unseen(error)] };
  }
}

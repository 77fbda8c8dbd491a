import type { EventKind, EventOf, RunEvent } from './events.ts';
import type { FaultRecord } from '../kinds/fault.ts';
import type { Observer } from './observation.ts';
import type { RequestTable } from '../load/load.ts';
import type { Phase, PhaseWindow } from '../plan/phases.ts';
import type { Plan } from '../plan/plan.ts';
import type { Seal } from './version.ts';

/** A finished run as checks see it. It is read from events.ndjson and samples/, and from nothing else. */
export interface History {
  readonly plan: Plan;
  readonly run: string;
  readonly events: readonly RunEvent[];
  readonly windows: readonly PhaseWindow[];
  readonly faults: readonly FaultRecord[];
  readonly requests: RequestTable;
  readonly seal: Seal;
  /** The lines of events.ndjson that cannot be read, from 1. */
  readonly torn: readonly number[];
}

export function eventsOf<K extends EventKind>(history: Pick<History, 'events'>, kind: K): EventOf<K>[] {
  return history.events.filter((event): event is EventOf<K> => event.kind === kind);
}

export const windowOf = (history: Pick<History, 'windows'>, phase: Phase): PhaseWindow | undefined =>
  history.windows.find((window) => window.phase === phase);

/** Whether a run may have changed the system: a fault of it began, or it had controllers. */
export const mayHaveChanged = ({ faults, plan }: Pick<History, 'faults' | 'plan'>): boolean =>
  faults.length + (plan.controllers ?? []).length > 0;

/** True when a fault, a controller or a step changed something, or may have: its undo is recorded before its act. */
export const wasBroken = ({ events }: Pick<History, 'events'>): boolean =>
  events.some(({ kind }) => kind === 'undo.recorded' || kind === 'fault.injected');

/** Returns the phases with their times. A phase that never ended ends with the last event. */
export function phaseWindows(events: readonly RunEvent[]): PhaseWindow[] {
  const last = events.at(-1)?.t ?? 0;
  const windows: PhaseWindow[] = [];
  for (const event of events) {
    if (event.kind !== 'phase.started') continue;
    const end = events.find((e) => e.kind === 'phase.ended' && e.phase === event.phase);
    windows.push({ phase: event.phase, started: event.t, ended: end?.t ?? last });
  }
  return windows;
}

/** Returns everything that the events say about each fault. `observersOf` returns the observers of a fault. */
export function faultRecords(
  events: readonly RunEvent[],
  observersOf: (fault: string, params: unknown) => readonly Observer[],
): FaultRecord[] {
  const records: FaultRecord[] = [];
  // After the first injection the system is no longer sound. So observations between it and a later fault are left out
  // of the later fault's record.
  const first = events.find((e) => e.kind === 'fault.injecting')?.t ?? Infinity;
  for (const start of events) {
    if (start.kind !== 'fault.injecting') continue;
    const at = (kind: 'fault.healing' | 'fault.healed'): number | undefined =>
      events.find((e) => e.kind === kind && e.id === start.id)?.t;
    const injected = eventsOf({ events }, 'fault.injected').find((e) => e.id === start.id);
    const targets = injected?.targets ?? [];
    const observers = observersOf(start.fault, start.params);
    const asked = new Set(observers.map(({ id }) => id));
    records.push({
      id: start.id,
      fault: start.fault,
      params: start.params,
      targets,
      injecting: start.t,
      injected: injected?.t,
      healing: at('fault.healing'),
      healed: at('fault.healed'),
      observers,
      observations: events.filter(
        (e): e is EventOf<'observation'> =>
          e.kind === 'observation' && asked.has(e.observer) && !(e.t >= first && e.t < start.t),
      ),
      states: events.filter(
        (e): e is EventOf<'container'> => e.kind === 'container' && targets.includes(e.place ?? e.container),
      ),
    });
  }
  return records;
}

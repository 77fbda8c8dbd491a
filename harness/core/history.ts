import type { EventKind, EventOf, RunEvent } from './events.ts';
import type { FaultRecord } from './fault.ts';
import type { RequestTable } from './load/load.ts';
import type { Phase, PhaseWindow } from './phases.ts';
import type { Plan } from './plan.ts';

/** A finished run as checks see it: read from events.ndjson and samples/, and from nothing else. */
export interface History {
  readonly plan: Plan;
  readonly run: string;
  readonly events: readonly RunEvent[];
  readonly windows: readonly PhaseWindow[];
  readonly faults: readonly FaultRecord[];
  readonly requests: RequestTable;
}

export function eventsOf<K extends EventKind>(history: Pick<History, 'events'>, kind: K): EventOf<K>[] {
  return history.events.filter((event): event is EventOf<K> => event.kind === kind);
}

export const windowOf = (history: Pick<History, 'windows'>, phase: Phase): PhaseWindow | undefined =>
  history.windows.find((window) => window.phase === phase);

/** Phase windows from the events; a phase that never ended ends with the last event. */
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

/** What became of each fault, from the events. */
export function faultRecords(
  events: readonly RunEvent[],
  observersOf: (fault: string, params: unknown) => readonly string[],
): FaultRecord[] {
  const records: FaultRecord[] = [];
  // From then on what is seen is no longer the sound system that a later fault is compared with.
  const first = events.find((e) => e.kind === 'fault.injecting')?.t ?? Infinity;
  for (const start of events) {
    if (start.kind !== 'fault.injecting') continue;
    const at = (kind: 'fault.healing' | 'fault.healed'): number | undefined =>
      events.find((e) => e.kind === kind && e.id === start.id)?.t;
    const injected = eventsOf({ events }, 'fault.injected').find((e) => e.id === start.id);
    const targets = injected?.targets ?? [];
    const observers = new Set(observersOf(start.fault, start.params));
    records.push({
      id: start.id,
      fault: start.fault,
      params: start.params,
      targets,
      injecting: start.t,
      injected: injected?.t,
      healing: at('fault.healing'),
      healed: at('fault.healed'),
      observations: events.filter(
        (e): e is EventOf<'observation'> =>
          e.kind === 'observation' && observers.has(e.observer) && !(e.t >= first && e.t < start.t),
      ),
      states: events.filter((e): e is EventOf<'container'> => e.kind === 'container' && targets.includes(e.container)),
    });
  }
  return records;
}

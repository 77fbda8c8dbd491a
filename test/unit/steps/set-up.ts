import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventOf, RunEvent } from '../../../harness/core/record/events.ts';
import type { PlannedFault, PlannedStep } from '../../../harness/core/plan/plan.ts';
import { UndoJournal } from '../../../harness/heal/journal.ts';
import { FaultSchedule } from '../../../harness/run/steps/schedule.ts';
import kill from '../../../harness/faults/kill.ts';
import refuse from '../../../harness/faults/refuse.ts';
import { steps as kinds } from '../../../harness/steps/index.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';

/** Returns a fault phase in memory: `begin` begins its steps, and `told` says what became of them. */
export function setUp() {
  const clock = new ManualClock(0);
  const topology = new MemoryTopology();
  const events: RunEvent[] = [];
  const journal = new UndoJournal(mkdtempSync(join(tmpdir(), 'workflow-')));
  const emit = (event: RunEvent): void => {
    events.push(event);
    schedule.see(event);
  };
  const schedule = new FaultSchedule(
    { clock, topology, journal, seed: 1, emit },
    { faults: [kill, refuse], steps: kinds },
  );
  /** When faults were injected ("2000 kill-1") and healed ("5000 not kill-1") and when waits ended, in order. */
  const told = (): string[] =>
    events.flatMap((e) => {
      if (e.kind === 'fault.injected') return [`${e.t} ${e.id}`];
      if (e.kind === 'fault.healed') return [`${e.t} not ${e.id}`];
      return e.kind === 'step.ended' ? [`${e.t} ${e.id} ${e.outcome}`] : [];
    });
  const ended = (): EventOf<'step.ended'> | undefined => events.find((e) => e.kind === 'step.ended');
  /** Emits the event of a role, as the probe of roles would. */
  const role = (t: number, member: string, role: 'primary' | 'standby' | 'unknown'): void =>
    emit({ t, kind: 'role', group: 'postgres', member, role, state: 'running', timeline: 1 });
  const abort = new AbortController();
  const begin = (steps: readonly PlannedStep[], phaseMs = 60_000) => {
    const state: { over: boolean; error?: unknown } = { over: false };
    const phase = schedule
      .run(steps, phaseMs, abort.signal)
      .catch((error: unknown) => (state.error = error))
      .finally(() => (state.over = true));
    return { state, phase };
  };
  return { clock, topology, schedule, events, told, ended, role, abort, begin };
}

/** A fault that stops a container. */
export const kills = (id: string, at: number, lasts?: number): PlannedFault => ({
  id,
  fault: 'kill',
  params: { service: 'app', replica: 1 },
  at,
  for: lasts,
});
/** A fault that closes a link. */
export const cut = (id: string, at: number, lasts?: number): PlannedFault => ({
  ...kills(id, at, lasts),
  fault: 'refuse',
  params: { link: 'app-to-redis' },
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import { type Arm, type ArmKind, armOf } from '../../../harness/core/runbook/arm.ts';
import { UndoJournal } from '../../../harness/heal/journal.ts';
import type { ReadRunbook } from '../../../harness/plan/runbook/read.ts';
import { FaultSchedule } from '../../../harness/run/steps/schedule.ts';
import { series } from '../../../harness/series/index.ts';
import { steps } from '../../../harness/steps/index.ts';
import { ManualClock } from './clock.ts';
import { smallFailure, SmallSystem } from './small-system.ts';
import { SPEC } from './topology.ts';

/** Milliseconds between two counts of the load. */
const TICK_MS = 1_000;

export interface SmallArms {
  /** The system comes back by itself this long after the failure, milliseconds. */
  readonly healsMs?: number;
}

/** Returns what carries arms out on the small system. The steps, their events and their judging are the real ones. */
export function smallArms(runbook: ReadRunbook, { healsMs }: SmallArms = {}): (arm: ArmKind) => Promise<Arm> {
  const clock = new ManualClock(1_000_000);
  const system = new SmallSystem({ now: clock.now, ...(healsMs === undefined ? {} : { healsMs }) });
  let runs = 0;
  return async (arm) => {
    runs += 1;
    const events: RunEvent[] = [];
    const emit = (event: RunEvent): void => {
      events.push(event);
      schedule.see(event);
    };
    const journal = new UndoJournal(mkdtempSync(join(tmpdir(), 'arm-')));
    const ctx = { clock, topology: system.topology, journal, seed: 1, emit };
    const schedule = new FaultSchedule(ctx, { faults: [smallFailure(system)], steps });
    const asked = {
      name: runbook.name,
      beginsMs: runbook.beginsMs,
      withinMs: runbook.withinMs,
      commands: runbook.commands,
    };
    const sequence = [
      { id: 'runbook-1', runbook: asked, as: 'look', watchedMs: 8_000 },
      { id: 'break-2', fault: 'break', params: {}, at: 0, for: undefined },
      { id: 'runbook-3', runbook: asked, as: arm, watchedMs: 8_000 },
    ];
    const load = new AbortController();
    const ticking = offer(system, clock, emit, load.signal);
    const phaseMs = runbook.beginsMs + runbook.withinMs + 20_000;
    await clock.through(schedule.run([{ sequence }], phaseMs, new AbortController().signal), TICK_MS);
    await clock.through(schedule.heal(), TICK_MS);
    load.abort();
    await ticking;
    const found = system.residue.map((target) => ({
      kind: 'rule',
      target,
      how_to_undo: '',
      since: 'at the end of the run',
      repaired_by: 'the audit',
    }));
    system.restore();
    const document = {
      run: `arm-${runs}`,
      dir: `/arm-${runs}`,
      verdict: 'PASS',
      invalid: [],
      faults: [],
      checks: [],
      found,
    };
    const judged = { document, history: { events, plan: { topology: SPEC } } } as unknown as JudgedRun;
    return armOf(arm, judged, runbook.healthy, series);
  };
}

/** Ten requests a second, until aborted. */
async function offer(
  system: SmallSystem,
  clock: ManualClock,
  emit: (event: RunEvent) => void,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(TICK_MS, over).catch(() => undefined);
    const failed = system.healthy ? 0 : 10;
    const counts = { planned: 10, sent: 10, ok: 10 - failed, failed, dropped: 0, in_flight: 0 };
    const times = { p50_ms: 5, p95_ms: 9, lag_p99_ms: 1, pressure_ok: 0, pressure_failed: 0 };
    if (!over.aborted) emit({ t: clock.now(), kind: 'load', ...counts, ...times });
  }
}

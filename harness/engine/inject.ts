import type { Clock } from '../core/clock.ts';
import { withDeadline } from '../core/deadline.ts';
import type { RunEvent } from '../core/events.ts';
import type { Fault } from '../core/fault.ts';
import type { PlannedFault } from '../core/plan.ts';
import { seededRandom } from '../core/random.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import { undoAll } from './heal.ts';
import type { JournalEntry, UndoJournal } from './journal.ts';

const INJECT_MS = 30_000;

export interface InjectContext {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly journal: UndoJournal;
  readonly seed: number;
  readonly emit: (event: RunEvent) => void;
}

/** A fault that is in force, and its way back. */
export class ActiveFault {
  readonly planned: PlannedFault;
  readonly #ctx: InjectContext;
  readonly #entries: JournalEntry[] = [];
  #healed: Promise<void> | undefined;

  constructor(planned: PlannedFault, ctx: InjectContext) {
    this.planned = planned;
    this.#ctx = ctx;
  }

  async inject(fault: Fault, signal: AbortSignal): Promise<void> {
    const { topology, clock, journal, emit, seed } = this.#ctx;
    const { id, params } = this.planned;
    emit({ t: clock.now(), kind: 'fault.injecting', id, fault: fault.name, params });
    const work = fault.inject({
      params,
      topology,
      clock,
      random: seededRandom(seed),
      signal,
      undo: (step) => {
        const entry = { id, step };
        journal.record(entry);
        this.#entries.unshift(entry);
        emit({ t: clock.now(), kind: 'undo.recorded', id, step });
        return Promise.resolve();
      },
    });
    const targets = await withDeadline(`injecting ${id}`, INJECT_MS, work);
    emit({ t: clock.now(), kind: 'fault.injected', id, targets });
  }

  /** Takes the fault back; a second call waits for the first. */
  heal(): Promise<void> {
    this.#healed ??= this.#heal();
    return this.#healed;
  }

  async #heal(): Promise<void> {
    const { topology, clock, emit } = this.#ctx;
    const { id } = this.planned;
    emit({ t: clock.now(), kind: 'fault.healing', id });
    await undoAll({ topology, clock, emit, by: 'run' }, this.#entries);
    emit({ t: clock.now(), kind: 'fault.healed', id });
  }
}

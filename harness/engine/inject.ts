import type { Clock } from '../core/clock.ts';
import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Fault } from '../core/fault.ts';
import type { PlannedFault } from '../core/plan.ts';
import { seededRandom } from '../core/random.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import { tell, undoAll } from './heal.ts';
import type { JournalEntry, UndoJournal } from './journal.ts';

const INJECT_MS = 30_000;
/** An act that is under way when its fault is to be healed is given this long to end, milliseconds. */
const ENDING_MS = 10_000;

export interface InjectContext {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly journal: UndoJournal;
  readonly seed: number;
  readonly emit: (event: RunEvent) => void;
  /** Resolves when somebody stands by who would heal if this process died: at once, as a rule. */
  readonly guarded?: () => Promise<void>;
}

/** A fault that is in force, and its way back. */
export class ActiveFault {
  readonly planned: PlannedFault;
  readonly #ctx: InjectContext;
  readonly #entries: JournalEntry[] = [];
  readonly #over = new AbortController();
  /** What is under way: the injecting itself, and what goes on meanwhile. */
  readonly #acting: Promise<unknown>[] = [];
  #healed: Promise<readonly JournalEntry[]> | undefined;

  constructor(planned: PlannedFault, ctx: InjectContext) {
    this.planned = planned;
    this.#ctx = ctx;
  }

  async inject(fault: Fault, signal: AbortSignal): Promise<void> {
    const { topology, clock, journal, emit, seed } = this.#ctx;
    const { id, params } = this.planned;
    emit({ t: clock.now(), kind: 'fault.injecting', id, fault: fault.name, params });
    const work = fault.inject({
      id,
      params,
      topology,
      clock,
      random: seededRandom(seed),
      signal,
      undo: async (step) => {
        await this.#ctx.guarded?.();
        // Whoever aborted is about to heal, or has: no further step forward.
        signal.throwIfAborted();
        const entry = { id, step };
        journal.record(entry);
        this.#entries.unshift(entry);
        emit({ t: clock.now(), kind: 'undo.recorded', id, step });
      },
      meanwhile: (goOn) => {
        const { signal: over } = this.#over;
        const ended = goOn(AbortSignal.any([signal, over])).catch((error: unknown) => {
          // Being ended is how it ends.
          if (!over.aborted && !signal.aborted)
            tell(emit, { t: clock.now(), kind: 'note', message: `${id} did not go on: ${describeError(error)}` });
        });
        this.#acting.push(ended);
      },
    });
    this.#acting.push(work.catch(() => undefined));
    const targets = await withDeadline(`injecting ${id}`, INJECT_MS, work);
    emit({ t: clock.now(), kind: 'fault.injected', id, targets });
  }

  /** Takes the fault back, and answers the steps that failed; a second call waits for the first. */
  heal(): Promise<readonly JournalEntry[]> {
    this.#healed ??= this.#heal();
    return this.#healed;
  }

  async #heal(): Promise<readonly JournalEntry[]> {
    const { topology, clock, emit } = this.#ctx;
    const { id } = this.planned;
    tell(emit, { t: clock.now(), kind: 'fault.healing', id });
    // What the engine was told a moment ago may still be carried out: undone before that, it would stay.
    this.#over.abort(new Error(`${id} is healed`));
    await withDeadline(`the end of injecting ${id}`, ENDING_MS, Promise.all(this.#acting)).catch(() => undefined);
    const failed = await undoAll({ topology, clock, emit, by: 'run' }, this.#entries);
    tell(emit, { t: clock.now(), kind: 'fault.healed', id });
    return failed;
  }
}

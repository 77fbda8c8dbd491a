import type { Clock } from '../core/clock.ts';
import { withDeadline } from '../core/deadline.ts';
import { describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Fault } from '../core/fault.ts';
import type { PlannedFault } from '../core/plan.ts';
import { seededRandom } from '../core/random.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import { type Healer, tell, undoAll, undoStep } from './heal.ts';
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
  readonly #acting = new Set<Promise<unknown>>();
  /** Undo steps that are done or under way: one that succeeds is carried out once. */
  readonly #undoing = new Map<JournalEntry, Promise<boolean>>();
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
        this.#follow(ended);
      },
    });
    this.#follow(work.catch(() => undefined));
    const targets = await withDeadline(`injecting ${id}`, INJECT_MS, work);
    emit({ t: clock.now(), kind: 'fault.injected', id, targets });
  }

  /** Takes the fault back, and answers the steps that failed; a second call waits for the first. */
  heal(): Promise<readonly JournalEntry[]> {
    this.#healed ??= this.#heal();
    return this.#healed;
  }

  /**
   * Fires every undo that is not done, in no order, and waits for no act to end: one that is under way is undone again after
   * it, if the process lives as long.
   */
  async undoAtOnce(): Promise<void> {
    const healing = this.heal();
    const early = this.#acting.size > 0;
    const fired = this.#entries.map((entry) => (early ? undoStep(this.#healer, entry) : this.#undo(entry)));
    await Promise.all([healing, ...fired]);
  }

  get #healer(): Healer {
    return { ...this.#ctx, by: 'run' };
  }

  #follow(act: Promise<unknown>): void {
    this.#acting.add(act);
    void act.then(() => this.#acting.delete(act));
  }

  #undo(entry: JournalEntry): Promise<boolean> {
    const before = this.#undoing.get(entry);
    if (before !== undefined) return before;
    const undoing = undoStep(this.#healer, entry);
    this.#undoing.set(entry, undoing);
    void undoing.then((done) => done || this.#undoing.delete(entry));
    return undoing;
  }

  async #heal(): Promise<readonly JournalEntry[]> {
    const { clock, emit } = this.#ctx;
    const { id } = this.planned;
    tell(emit, { t: clock.now(), kind: 'fault.healing', id });
    // What the engine was told a moment ago may still be carried out: undone before that, it would stay.
    this.#over.abort(new Error(`${id} is healed`));
    await withDeadline(`the end of injecting ${id}`, ENDING_MS, Promise.all(this.#acting)).catch(() => undefined);
    const failed = await undoAll(this.#healer, this.#entries, (entry) => this.#undo(entry));
    tell(emit, { t: clock.now(), kind: 'fault.healed', id });
    return failed;
  }
}

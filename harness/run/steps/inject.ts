import type { Clock } from '../../core/clock.ts';
import { withDeadline } from '../../core/deadline.ts';
import { describeError } from '../../core/errors.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { BoundFault, FaultContext } from '../../core/kinds/fault.ts';
import type { PlannedFault } from '../../core/plan/plan.ts';
import { namedRandom } from '../../core/random.ts';
import type { TopologyControl } from '../../core/topology/control.ts';
import type { Held, Hold, Property } from '../../core/topology/hold.ts';
import type { JournalEntry, UndoStep } from '../../core/topology/undo.ts';
import type { UndoJournal } from '../../heal/journal.ts';
import { tell } from '../../heal/undo.ts';
import { cutOff } from './cut-off.ts';
import type { Ledger } from './ledger.ts';

/** Injecting a fault may take this long, milliseconds. */
const INJECT_MS = 30_000;
/** When a fault is to be healed, an act that is under way has this long to end, milliseconds. */
const ENDING_MS = 10_000;

export interface InjectContext {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly journal: Pick<UndoJournal, 'record'>;
  /** The properties that the faults of the run hold. */
  readonly ledger: Ledger;
  readonly seed: number;
  readonly emit: (event: RunEvent) => void;
  /** Resolves when a guardian stands by, which would heal if this process died. As a rule it resolves at once. */
  readonly guarded?: () => Promise<void>;
}

/** One way back: an undo step of the fault's own, or a property that it holds. */
type Way = { readonly entry: JournalEntry } | { readonly property: Property };

/** A fault that is in force, and its recorded ways back. */
export class ActiveFault {
  readonly planned: PlannedFault;
  readonly #ctx: InjectContext;
  /** Newest first. */
  readonly #ways: Way[] = [];
  readonly #over = new AbortController();
  /** Work under way: the injection, and work that goes on while the fault is in force. */
  readonly #acting = new Set<Promise<unknown>>();
  /** Undo steps that are done or under way. So a step that succeeds is carried out once. */
  readonly #undoing = new Map<Way, Promise<readonly JournalEntry[]>>();
  #settled: Promise<void> | undefined;
  #healed: Promise<readonly JournalEntry[]> | undefined;
  /** The second undo, after an act that went on for too long. */
  #late: Promise<unknown> = Promise.resolve();

  constructor(planned: PlannedFault, ctx: InjectContext) {
    this.planned = planned;
    this.#ctx = ctx;
  }

  async inject(fault: BoundFault, signal: AbortSignal): Promise<void> {
    const { clock, emit } = this.#ctx;
    const { id, params } = this.planned;
    emit({ t: clock.now(), kind: 'fault.injecting', id, fault: fault.name, params });
    const work = fault.inject(this.#contextOf(signal));
    this.#follow(work.catch(() => undefined));
    try {
      const targets = await withDeadline(`injecting ${id}`, INJECT_MS, work);
      emit({ t: clock.now(), kind: 'fault.injected', id, targets });
    } catch (error) {
      // What could not be injected in time must not be injected later.
      this.#over.abort(error);
      throw error;
    }
  }

  /** Returns what a fault may use. When the fault is over or the run is aborted, no call by the fault acts any more. */
  #contextOf(signal: AbortSignal): FaultContext {
    const { topology, clock, emit, seed, ledger } = this.#ctx;
    const { id } = this.planned;
    const over = AbortSignal.any([signal, this.#over.signal]);
    const open = (): void => over.throwIfAborted();
    const guarded = async (): Promise<void> => {
      await this.#ctx.guarded?.();
      open();
    };
    return {
      id,
      topology: cutOff(topology, { open, reach: (place) => ledger.mayReach(id, place) }),
      clock,
      // Each fault draws random numbers of its own. Each round of a repeat is a fault of its own.
      random: namedRandom(seed, id),
      signal: over,
      undo: async (step) => {
        await guarded();
        const entry = { id, step };
        this.#record(step);
        this.#ways.unshift({ entry });
      },
      hold: async (hold) => {
        await guarded();
        const holding = ledger.hold(id, hold, (steps) => {
          open();
          this.#holds(hold, steps);
        });
        this.#follow(holding.catch(() => undefined));
        await holding;
        return this.#held(hold, open);
      },
      tell: (news) => {
        open();
        emit({ t: clock.now(), id, ...news });
      },
      meanwhile: (goOn) => {
        const ended = goOn(over).catch((error: unknown) => {
          // An abort is the normal end of this work, and no failure.
          if (!over.aborted)
            tell(emit, { t: clock.now(), kind: 'note', message: `${id} stopped early: ${describeError(error)}` });
        });
        this.#follow(ended);
      },
    };
  }

  /** Ends the fault: nothing of it acts any more. Resolves when its acts have ended, or have had time enough to end. */
  settle(): Promise<void> {
    this.#settled ??= this.#settle();
    return this.#settled;
  }

  /** Heals the fault. Resolves with the undo steps that failed. A second call waits for the first. */
  heal(): Promise<readonly JournalEntry[]> {
    this.#healed ??= this.#heal();
    return this.#healed;
  }

  /**
   * Starts every undo that is not done, in no order, and waits for no act to end. When an act is still under way, its
   * undo is carried out again after it, if the process lives that long.
   */
  async undoAtOnce(): Promise<void> {
    const healing = this.heal();
    const early = this.#acting.size > 0;
    const fired = this.#ways.map((way) => (early ? this.#undoNow(way, true) : this.#undo(way)));
    await Promise.all([healing, ...fired]);
  }

  /** Resolves when no work of this fault is under way any more, and what ended late is undone. */
  async acting(): Promise<void> {
    await Promise.all(this.#acting);
    await this.#late;
  }

  #record(step: UndoStep): void {
    const { journal, emit, clock } = this.#ctx;
    const { id } = this.planned;
    journal.record({ id, step });
    emit({ t: clock.now(), kind: 'undo.recorded', id, step });
  }

  /** Writes the undo steps of a property to disk, unless they are there already. The first step is written last,
   * because the step that was written last is carried out first. */
  #holds({ place, what }: Hold, steps: readonly UndoStep[]): void {
    const same = (way: Way): boolean => 'property' in way && way.property.place === place && way.property.what === what;
    if (this.#ways.some(same)) return;
    for (const step of steps.toReversed()) this.#record(step);
    this.#ways.unshift({ property: { place, what } });
  }

  #held(property: Property, open: () => void): Held {
    return {
      release: async () => {
        open();
        const failed = await this.#ctx.ledger.release(this.planned.id, property);
        if (failed.length > 0) throw new Error(`${property.what} of ${property.place} could not be given back`);
      },
    };
  }

  #follow(act: Promise<unknown>): void {
    this.#acting.add(act);
    void act.then(() => this.#acting.delete(act));
  }

  #undo(way: Way): Promise<readonly JournalEntry[]> {
    const before = this.#undoing.get(way);
    if (before !== undefined) return before;
    const undoing = this.#undoNow(way);
    this.#undoing.set(way, undoing);
    void undoing.then((failed) => failed.length > 0 && this.#undoing.delete(way));
    return undoing;
  }

  async #undoNow(way: Way, late = false): Promise<readonly JournalEntry[]> {
    const { ledger } = this.#ctx;
    if ('property' in way) return ledger.release(this.planned.id, way.property, late);
    return (await ledger.undo(way.entry)) ? [] : [way.entry];
  }

  async #settle(): Promise<void> {
    const { clock, emit } = this.#ctx;
    const { id } = this.planned;
    tell(emit, { t: clock.now(), kind: 'fault.healing', id });
    // An act that was sent a moment ago may still be carried out. If its undo came first, the act would stay in force.
    this.#over.abort(new Error(`${id} is healed`));
    await withDeadline(`the end of injecting ${id}`, ENDING_MS, Promise.all(this.#acting)).catch(() => undefined);
  }

  async #heal(): Promise<readonly JournalEntry[]> {
    await this.settle();
    const hanging = this.#acting.size > 0;
    const failed: JournalEntry[] = [];
    for (const way of this.#ways) failed.push(...(await this.#undo(way)));
    tell(this.#ctx.emit, { t: this.#ctx.clock.now(), kind: 'fault.healed', id: this.planned.id });
    if (hanging) this.#late = this.#undoLate();
    return failed;
  }

  /** An act that was sent before the end may be carried out after its undo. Then the undo is carried out again. */
  async #undoLate(): Promise<void> {
    await Promise.all(this.#acting);
    for (const way of this.#ways) await this.#undoNow(way, true);
  }
}

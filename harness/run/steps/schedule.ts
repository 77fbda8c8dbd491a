import { ChaosError } from '../../core/errors.ts';
import { isSample, type RunEvent } from '../../core/record/events.ts';
import { type BoundFault, boundFault } from '../../core/kinds/fault.ts';
import type { Known } from '../../core/kinds/known.ts';
import { type Injection, kindOf, type StepRun, type Turn } from '../../core/kinds/step.ts';
import type { PlannedFault, PlannedStep } from '../../core/plan/plan.ts';
import { undoAll } from '../../heal/undo.ts';
import { ActiveFault, type InjectContext } from './inject.ts';
import { Ledger } from './ledger.ts';
import type { JournalEntry } from '../../core/topology/undo.ts';

/** How a walk through the steps ends: see `StepRun`. */
type Walk = Pick<StepRun, 'stop' | 'going' | 'end'>;

/** Returns false when the phase has ended. Throws when the run has ended. */
function mayGoOn({ stop, going }: Walk): boolean {
  stop.throwIfAborted();
  return !going.aborted;
}

/**
 * The faults of a run. It carries out the steps of the fault phase, each in its turn, and heals the faults that end
 * before the phase.
 */
export class FaultSchedule {
  readonly #ctx: InjectContext;
  readonly #ledger: Ledger;
  readonly #catalogue: Pick<Known, 'faults' | 'steps'>;
  readonly #active: ActiveFault[] = [];
  readonly #changes: RunEvent[] = [];
  readonly #listeners = new Set<(event: RunEvent) => void>();
  /** The ways back that steps have kept, newest first. */
  readonly #kept: JournalEntry[] = [];
  /** Whether a step may act still, and what resolves when none does. */
  #acting = false;
  #walking: Promise<unknown> = Promise.resolve();

  constructor(ctx: Omit<InjectContext, 'ledger'>, catalogue: Pick<Known, 'faults' | 'steps'>) {
    this.#ledger = new Ledger({ ...ctx, by: 'run' });
    this.#ctx = { ...ctx, ledger: this.#ledger };
    this.#catalogue = catalogue;
  }

  /** Receives every event as it is recorded: a step may depend on events. */
  see(event: RunEvent): void {
    if (!isSample(event)) this.#changes.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Resolves when the phase is over, or when a step has ended the phase. `heal` then heals the faults that are still in
   * force. `early`: aborted when the phase shall end before its time. Rejects when a fault could not be injected: then no
   * other fault begins.
   */
  async run(steps: readonly PlannedStep[], phaseMs: number, signal: AbortSignal, early?: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const over = new AbortController();
    const stop = AbortSignal.any([signal, failed.signal]);
    const end = (): void => over.abort(new Error('the fault phase is over'));
    const ends = early === undefined ? [stop, over.signal] : [stop, over.signal, early];
    const walk = { stop, going: AbortSignal.any(ends), end };
    const begun = this.#ctx.clock.now();
    const context = this.#contextOf(walk);
    const walks = steps.map((step) => context.take(step, { from: begun, since: begun }));
    this.#acting = true;
    this.#walking = Promise.allSettled(walks).then(() => void (this.#acting = false));
    try {
      await Promise.all([...walks, context.until(begun + phaseMs).then(end)]);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  }

  /**
   * Heals all faults, side by side. Before that, containers run again that a fault kept from running. No signal aborts
   * the healing. Resolves with the undo steps that failed.
   */
  async heal(): Promise<readonly JournalEntry[]> {
    await Promise.all(this.#active.map((fault) => fault.settle()));
    this.#ledger.close();
    await this.#ledger.runAgain();
    return (await Promise.all([this.#takeBack(), ...this.#active.map((fault) => fault.heal())])).flat();
  }

  /** Carries out the ways back that steps have kept: at once, and once more when a command of a step goes on meanwhile. */
  async #takeBack(): Promise<readonly JournalEntry[]> {
    if (this.#kept.length === 0) return [];
    const healer = { ...this.#ctx, by: 'run' } as const;
    const late = this.#acting;
    const left = await undoAll(healer, this.#kept);
    if (!late) return left;
    await this.#walking;
    return undoAll(healer, this.#kept);
  }

  /** Starts every undo that is not done, of all faults at once. */
  async undoAtOnce(): Promise<void> {
    this.#ledger.close();
    await Promise.all([
      undoAll({ ...this.#ctx, by: 'run' }, this.#kept),
      ...this.#active.map((fault) => fault.undoAtOnce()),
    ]);
  }

  /** Resolves when no fault acts any more. Faults that were given up at their deadline are included. */
  async acting(): Promise<void> {
    await Promise.all(this.#active.map((fault) => fault.acting()));
  }

  /** True when a fault began, or a step that is no fault has changed something: its way back is kept. */
  get began(): boolean {
    return this.#active.length + this.#kept.length > 0;
  }

  /** Returns what the steps may use on this walk. */
  #contextOf(walk: Walk): StepRun {
    const { clock, topology, emit } = this.#ctx;
    const context: StepRun = {
      ...walk,
      clock,
      topology,
      emit,
      async until(t) {
        await clock.sleep(t - clock.now(), walk.going).catch(() => undefined);
        return mayGoOn(walk);
      },
      take: (step: PlannedStep, turn: Turn) => kindOf(step, this.#catalogue.steps).carryOut(step, turn, context),
      begin: (planned) => this.#begin(planned, walk),
      keep: async (id, step) => {
        await this.#ctx.guarded?.();
        const entry = { id, step };
        this.#ctx.journal.record(entry);
        this.#kept.unshift(entry);
        emit({ t: clock.now(), kind: 'undo.recorded', ...entry });
      },
      changes: () => this.#changes,
      onEvent: (listener) => {
        this.#listeners.add(listener);
        return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
      },
    };
    return context;
  }

  #begin(planned: PlannedFault, walk: Walk): Injection | undefined {
    // Nothing may come between this check and the start of the fault. When the walk is ended, only faults that have
    // begun are healed.
    if (!mayGoOn(walk)) return undefined;
    const fault = this.#fault(planned);
    const active = new ActiveFault(planned, this.#ctx);
    this.#active.push(active);
    return { inject: () => active.inject(fault, walk.stop), heal: () => active.heal() };
  }

  #fault(planned: PlannedFault): BoundFault {
    const { faults } = this.#catalogue;
    const found = boundFault(faults, planned);
    if (found !== undefined) return found;
    throw new ChaosError('CHAOS_UNKNOWN_FAULT', {
      what: `this version knows no fault "${planned.fault}"`,
      hint: `It knows ${faults.map((f) => f.name).join(', ')}.`,
      exit: 'bad-input',
    });
  }
}

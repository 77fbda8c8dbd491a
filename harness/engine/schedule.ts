import { ChaosError, describeError } from '../core/errors.ts';
import type { RunEvent, WaitEnd } from '../core/events.ts';
import type { Fault } from '../core/fault.ts';
import type { PlannedFault, PlannedStep, PlannedWait } from '../core/plan.ts';
import { isFault, isWait } from '../core/steps.ts';
import { Conditions } from './conditions.ts';
import { ActiveFault, type InjectContext } from './inject.ts';
import type { JournalEntry } from './journal.ts';

/** When a step's turn comes, epoch milliseconds. */
interface Turn {
  readonly from: number;
  /** When the step before it began: a role that was taken since then is not waited for again. */
  readonly since: number;
}

/** What ends a walk through the steps. */
interface Walk {
  /** The run is aborted, or a fault could not be injected: whatever waits rejects. */
  readonly stop: AbortSignal;
  /** That, and the end of the phase: no further step is begun, and those under way come to their end. */
  readonly going: AbortSignal;
  /** Ends the phase. */
  end(): void;
}

/** False when the phase has ended; throws when the run has. */
function mayGoOn({ stop, going }: Walk): boolean {
  stop.throwIfAborted();
  return !going.aborted;
}

/** The faults of a run: takes the steps of the fault phase, each in its turn, and heals the faults that end before it does. */
export class FaultSchedule {
  readonly #ctx: InjectContext;
  readonly #catalogue: readonly Fault[];
  readonly #conditions: Conditions;
  readonly #active: ActiveFault[] = [];

  constructor(ctx: InjectContext, catalogue: readonly Fault[]) {
    this.#ctx = ctx;
    this.#catalogue = catalogue;
    this.#conditions = new Conditions(ctx.topology, ctx.clock);
  }

  /** Everything that is recorded, as it happens: waits are about it. */
  see(event: RunEvent): void {
    this.#conditions.see(event);
  }

  /**
   * Resolves when the phase is over, or a wait has passed its deadline and ended it; what is still in force then is for
   * `heal`. Rejects when a fault could not be injected: then none of the others begins.
   */
  async run(steps: readonly PlannedStep[], phaseMs: number, signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const over = new AbortController();
    const stop = AbortSignal.any([signal, failed.signal]);
    const end = (): void => over.abort(new Error('the fault phase is over'));
    const walk = { stop, going: AbortSignal.any([stop, over.signal]), end };
    const begun = this.#ctx.clock.now();
    try {
      await Promise.all([
        this.#take({ parallel: steps }, { from: begun, since: begun }, walk),
        this.#until(begun + phaseMs, walk).then(end),
      ]);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  }

  /** Takes everything back, faults side by side; never aborted. Answers the steps that failed. */
  async heal(): Promise<readonly JournalEntry[]> {
    return (await Promise.all(this.#active.map((fault) => fault.heal()))).flat();
  }

  /** Fires every undo that is not done, of all faults at once. */
  async undoAtOnce(): Promise<void> {
    await Promise.all(this.#active.map((fault) => fault.undoAtOnce()));
  }

  get began(): boolean {
    return this.#active.length > 0;
  }

  /** False when the phase ended before. */
  async #until(t: number, walk: Walk): Promise<boolean> {
    const { clock } = this.#ctx;
    await clock.sleep(t - clock.now(), walk.going).catch(() => undefined);
    return mayGoOn(walk);
  }

  /** The time at which the step ended, for the one after it; undefined when the phase ended before. */
  async #take(step: PlannedStep, turn: Turn, walk: Walk): Promise<number | undefined> {
    if (isFault(step)) return this.#inject(step, turn, walk);
    if (isWait(step)) return this.#wait(step, turn, walk);
    if ('parallel' in step) {
      const ends = await Promise.all(step.parallel.map((next) => this.#take(next, turn, walk)));
      return ends.reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.max(a, b)), turn.from);
    }
    const [steps, every] = 'rounds' in step ? [step.rounds, step.every] : [step.sequence, 0];
    let { since } = turn;
    let ended: number | undefined = turn.from;
    for (const [i, next] of steps.entries()) {
      const from: number = Math.max(ended, turn.from + i * every);
      if (!(await this.#until(from, walk))) return undefined;
      ended = await this.#take(next, { from, since }, walk);
      if (ended === undefined) return undefined;
      since = from;
    }
    return ended;
  }

  async #inject(planned: PlannedFault, { from }: Turn, walk: Walk): Promise<number | undefined> {
    const { clock, emit } = this.#ctx;
    const { id, at, for: lasts } = planned;
    await this.#until(from + at, walk);
    // Looked at again in the same breath: whoever ended the walk meanwhile heals what has begun, and nothing else.
    if (!mayGoOn(walk)) return undefined;
    const fault = this.#fault(planned.fault);
    const active = new ActiveFault(planned, this.#ctx);
    this.#active.push(active);
    try {
      await active.inject(fault, walk.stop);
    } catch (error) {
      if (planned.continueOnFailure !== true || walk.stop.aborted) throw error;
      const code = error instanceof ChaosError ? error.code : 'CHAOS_INTERNAL';
      emit({ t: clock.now(), kind: 'fault.failed', id, code, message: describeError(error) });
      await active.heal();
      return clock.now();
    }
    if (lasts === undefined) return clock.now();
    if (!(await this.#until(from + at + lasts, walk))) return undefined;
    await active.heal();
    return clock.now();
  }

  async #wait(planned: PlannedWait, turn: Turn, walk: Walk): Promise<number | undefined> {
    const { clock, emit } = this.#ctx;
    const { id, wait, within, continueOnFailure: optional = false } = planned;
    emit({ t: clock.now(), kind: 'wait.started', id, wait, within_ms: within });
    const settled = new AbortController();
    const looking = AbortSignal.any([walk.going, settled.signal]);
    let saw = 'nothing';
    let outcome: WaitEnd['outcome'] = 'cut short';
    let held: number | undefined;
    try {
      held = await Promise.race([
        this.#conditions.comeAbout(wait, turn.since, looking, (now) => (saw = now)),
        clock.sleep(turn.from + within - clock.now(), looking).then(() => undefined),
      ]);
      outcome = held === undefined ? 'late' : 'held';
    } catch {
      walk.stop.throwIfAborted();
    } finally {
      settled.abort(new Error(`${id} has ended`));
    }
    emit({ t: clock.now(), kind: 'wait.ended', id, outcome, saw, optional });
    if (held !== undefined) return Math.max(held, turn.from);
    if (optional && outcome === 'late') return clock.now();
    walk.end();
    return undefined;
  }

  #fault(name: string): Fault {
    const found = this.#catalogue.find((fault) => fault.name === name);
    if (found !== undefined) return found;
    throw new ChaosError('CHAOS_UNKNOWN_FAULT', {
      what: `this version knows no fault "${name}"`,
      hint: `It knows ${this.#catalogue.map((f) => f.name).join(', ')}.`,
      exit: 'bad-input',
    });
  }
}

import { ChaosError } from '../core/errors.ts';
import type { Fault } from '../core/fault.ts';
import type { PlannedFault } from '../core/plan.ts';
import { ActiveFault, type InjectContext } from './inject.ts';
import type { JournalEntry } from './journal.ts';

/** The faults of a run: injects each at its time in the fault phase and takes back those that end before it does. */
export class FaultSchedule {
  readonly #ctx: InjectContext;
  readonly #catalogue: readonly Fault[];
  readonly #active: ActiveFault[] = [];

  constructor(ctx: InjectContext, catalogue: readonly Fault[]) {
    this.#ctx = ctx;
    this.#catalogue = catalogue;
  }

  /**
   * Resolves when the phase is over; what is still in force then is for `heal`. Rejects when a fault could not be injected:
   * then none of the others begins.
   */
  async run(faults: readonly PlannedFault[], phaseMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#ctx;
    const failed = new AbortController();
    const stop = AbortSignal.any([signal, failed.signal]);
    const begun = clock.now();
    const until = async (ms: number): Promise<void> => {
      await clock.sleep(begun + ms - clock.now(), stop);
      stop.throwIfAborted();
    };
    const acts = faults.map(async (planned) => {
      await until(planned.at);
      const active = new ActiveFault(planned, this.#ctx);
      this.#active.push(active);
      await active.inject(this.#fault(planned.fault), stop);
      if (planned.for === undefined) return;
      await until(planned.at + planned.for);
      await active.heal();
    });
    try {
      await Promise.all([...acts, until(phaseMs)]);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  }

  /** Takes everything back, faults side by side; never aborted. Answers the steps that failed. */
  async heal(): Promise<readonly JournalEntry[]> {
    return (await Promise.all(this.#active.map((fault) => fault.heal()))).flat();
  }

  get began(): boolean {
    return this.#active.length > 0;
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

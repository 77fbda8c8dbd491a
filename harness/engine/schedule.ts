import { ChaosError } from '../core/errors.ts';
import type { Fault } from '../core/fault.ts';
import type { PlannedFault } from '../core/plan.ts';
import { ActiveFault, type InjectContext } from './inject.ts';

/** The faults of a run: injects each at its time in the fault phase and takes back those that end before it does. */
export class FaultSchedule {
  readonly #ctx: InjectContext;
  readonly #catalogue: readonly Fault[];
  readonly #active: ActiveFault[] = [];

  constructor(ctx: InjectContext, catalogue: readonly Fault[]) {
    this.#ctx = ctx;
    this.#catalogue = catalogue;
  }

  /** Resolves when the phase is over; what is still in force then is for `heal`. Rejects when a fault could not be injected. */
  async run(faults: readonly PlannedFault[], phaseMs: number, signal: AbortSignal): Promise<void> {
    const begun = this.#ctx.clock.now();
    const until = (ms: number): Promise<void> => this.#ctx.clock.sleep(begun + ms - this.#ctx.clock.now(), signal);
    const acts = faults.map(async (planned) => {
      await until(planned.at);
      const active = new ActiveFault(planned, this.#ctx);
      this.#active.push(active);
      await active.inject(this.#fault(planned.fault), signal);
      if (planned.for === undefined) return;
      await until(planned.at + planned.for);
      await active.heal();
    });
    await Promise.all([...acts, until(phaseMs)]);
  }

  /** Takes everything back, faults side by side; never aborted. */
  async heal(): Promise<void> {
    await Promise.all(this.#active.map((fault) => fault.heal()));
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

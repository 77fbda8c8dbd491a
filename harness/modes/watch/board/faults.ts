import type { RunEvent } from '../../../core/record/events.ts';
import type { FaultState } from '../message.ts';

/** The faults of a run, each with its last state. */
export class Faults {
  readonly #faults = new Map<string, FaultState>();

  /** Takes an event, and returns the fault that it changes. */
  see(event: RunEvent): FaultState | undefined {
    switch (event.kind) {
      case 'fault.injecting':
        return this.#keep({ id: event.id, fault: event.fault, targets: [], state: 'injecting' });
      case 'fault.injected':
        return this.#change(event.id, { state: 'in force', targets: event.targets });
      case 'fault.healing':
        return this.#change(event.id, { state: 'healing' });
      case 'fault.healed':
        return this.#change(event.id, { state: 'healed' });
      case 'fault.failed':
        return this.#change(event.id, { state: 'failed' });
      default:
        return undefined;
    }
  }

  #change(id: string, change: Partial<FaultState>): FaultState | undefined {
    const before = this.#faults.get(id);
    return before === undefined ? undefined : this.#keep({ ...before, ...change });
  }

  #keep(fault: FaultState): FaultState {
    this.#faults.set(fault.id, fault);
    return fault;
  }
}

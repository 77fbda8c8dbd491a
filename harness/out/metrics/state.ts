import { InForce } from '../../core/record/in-force.ts';
import type { EventOf, RunEvent } from '../../core/record/events.ts';
import type { Phase } from '../../core/plan/phases.ts';
import type { Ending } from '../../core/out/out.ts';

/** One fault of a run, as the metrics show it. */
interface FaultState {
  readonly id: string;
  readonly fault: string;
  readonly target: string;
  /** Epoch milliseconds. */
  readonly injecting: number;
  readonly healed: number | undefined;
  readonly active: boolean;
}

/** Collects from the events of a run what its metrics show. */
export class RunState {
  started: EventOf<'run.started'> | undefined;
  phase: Phase | undefined;
  ending: Ending | undefined;
  readonly #inForce = new InForce();
  readonly #faults = new Map<string, Omit<FaultState, 'active'>>();

  /** Returns true when the event changes what the metrics show. */
  see(event: RunEvent): boolean {
    this.#inForce.onEvent(event);
    switch (event.kind) {
      case 'run.started':
        this.started = event;
        return true;
      case 'phase.started':
        this.phase = event.phase;
        return true;
      case 'phase.ended':
        this.phase = undefined;
        return true;
      case 'fault.injecting':
        this.#faults.set(event.id, {
          id: event.id,
          fault: event.fault,
          target: '',
          injecting: event.t,
          healed: undefined,
        });
        return true;
      case 'fault.injected':
        return this.#change(event.id, { target: event.targets.join(', ') });
      case 'fault.healed':
        return this.#change(event.id, { healed: event.t });
      case 'undo.failed':
      case 'residue':
        return true;
      default:
        return false;
    }
  }

  get faults(): readonly FaultState[] {
    const restored = this.ending?.restored === true;
    return [...this.#faults.values()].map((fault) => ({
      ...fault,
      active: !restored && this.#inForce.has(fault.id),
    }));
  }

  #change(id: string, change: Partial<FaultState>): boolean {
    const fault = this.#faults.get(id);
    if (fault === undefined) return false;
    this.#faults.set(id, { ...fault, ...change });
    return true;
  }
}

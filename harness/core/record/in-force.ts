import type { RunEvent } from './events.ts';
import type { Subscriber } from './run.ts';

/** Collects the ids of the faults of a run that are in force or may be in force. */
export class InForce implements Subscriber {
  readonly #ids = new Set<string>();
  readonly #failed = new Set<string>();

  onEvent(event: RunEvent): void {
    if (event.kind === 'fault.injecting') this.#ids.add(event.id);
    if (event.kind === 'undo.failed') this.#failed.add(event.id);
    if (event.kind === 'fault.healed' && !this.#failed.has(event.id)) this.#ids.delete(event.id);
    if (event.kind === 'residue' && event.residue.length === 0) this.#ids.clear();
  }

  close(): void {
    // Nothing to close.
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The ids: "kill-1, latency-2". Undefined when there are none. */
  get text(): string | undefined {
    return this.#ids.size === 0 ? undefined : [...this.#ids].join(', ');
  }
}

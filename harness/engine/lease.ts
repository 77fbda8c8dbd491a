import type { Clock } from '../core/clock.ts';

/** Between two looks of the guardian, milliseconds. */
const LOOK_MS = 500;
/** A run that has faults in force and is silent for so long hangs, or was stopped: its faults are taken back. Milliseconds. */
const LEASE_MS = 10_000;
/** How often a run renews it, milliseconds. */
export const RENEW_MS = 1_000;

/**
 * A run's right to have faults in force, as its guardian keeps it. Looks are counted and not milliseconds: a guardian that
 * was stopped itself, or slept with its machine, has not looked meanwhile, and takes nothing from a run that was well.
 */
export class Lease {
  readonly #looks: number;
  /** Looks since the last sign of life; undefined while nothing is in force. */
  #silent: number | undefined;

  constructor(leaseMs: number = LEASE_MS) {
    this.#looks = Math.ceil(leaseMs / LOOK_MS);
  }

  renew(): void {
    this.#silent = 0;
  }

  /** Nothing of the run is in force: it may be silent as long as it likes. */
  rest(): void {
    this.#silent = undefined;
  }

  /** True when the run has been silent at so many looks in a row. */
  look(): boolean {
    if (this.#silent === undefined) return false;
    this.#silent += 1;
    return this.#silent > this.#looks;
  }
}

/** Resolves when the lease is lost; rejects with the signal's reason. */
export async function lost(lease: Lease, clock: Clock, signal: AbortSignal): Promise<void> {
  do await clock.sleep(LOOK_MS, signal);
  while (!lease.look());
}

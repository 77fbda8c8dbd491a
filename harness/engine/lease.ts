import type { Clock } from '../core/clock.ts';

/** Between two looks of the guardian, milliseconds. */
const LOOK_MS = 500;
/** A run that has faults in force and is silent for so long hangs, or was stopped: its faults are taken back. Milliseconds. */
const LEASE_MS = 10_000;
/** How often a run renews it, and looks whether its guardian has answered, milliseconds. */
export const RENEW_MS = 1_000;
/** A guardian that is silent for so long while faults are in force would not heal: another one takes its place. Milliseconds. */
const ANSWER_MS = 5_000;

/**
 * A right that is lost by silence: a run's to have faults in force, as its guardian keeps it, and a guardian's to its post,
 * as the run keeps it. Looks are counted and not milliseconds: whoever was stopped itself, or slept with its machine, has
 * not looked meanwhile, and takes nothing from one that was well.
 */
export class Lease {
  readonly #looks: number;
  /** Looks since the last sign of life; undefined while it may be silent. */
  #silent: number | undefined;

  constructor(leaseMs: number = LEASE_MS, lookMs: number = LOOK_MS) {
    this.#looks = Math.ceil(leaseMs / lookMs);
  }

  renew(): void {
    this.#silent = 0;
  }

  /** It may be silent as long as it likes: nothing of the run is in force. */
  rest(): void {
    this.#silent = undefined;
  }

  /** True when it has been silent at so many looks in a row. */
  look(): boolean {
    if (this.#silent === undefined) return false;
    this.#silent += 1;
    return this.#silent > this.#looks;
  }
}

/** A guardian's, from its first word on. */
export const guardianLease = (): Lease => new Lease(ANSWER_MS, RENEW_MS);

/** Resolves when the lease is lost; rejects with the signal's reason. */
export async function lost(lease: Lease, clock: Clock, signal: AbortSignal): Promise<void> {
  do await clock.sleep(LOOK_MS, signal);
  while (!lease.look());
}

import type { Clock } from '../../core/clock.ts';

/** Milliseconds between two calls of `look` by the guardian. */
const LOOK_MS = 500;
/**
 * A session with faults in force that is silent for this long hangs, or was stopped. Its faults are healed.
 * Milliseconds.
 */
const LEASE_MS = 10_000;
/** A session with faults in force gives a sign of life this often, and checks whether its guardian is silent.
 * Milliseconds. */
export const RENEW_MS = 1_000;
/**
 * A guardian that is silent for this long with faults in force would not heal. Another takes its place. Milliseconds.
 */
const ANSWER_MS = 5_000;

/**
 * A right that is lost by silence. The guardian keeps a lease for the session's right to have faults in force. The
 * session keeps a lease for the guardian's right to its post. A lease counts calls of `look` and not milliseconds. A
 * process that was stopped, or slept with its machine, made no calls meanwhile, so it takes nothing from a partner that
 * was well.
 */
export class Lease {
  readonly #mostSilent: number;
  /** Calls of `look` since the last sign of life; undefined while silence is allowed. */
  #silent: number | undefined;

  constructor(leaseMs: number = LEASE_MS, lookMs: number = LOOK_MS) {
    this.#mostSilent = Math.ceil(leaseMs / lookMs);
  }

  /** A sign of life was seen. */
  renew(): void {
    this.#silent = 0;
  }

  /** No fault is in force: silence is allowed until the next sign of life. */
  rest(): void {
    this.#silent = undefined;
  }

  /** Counts one call. Returns true when the lease is lost. */
  look(): boolean {
    if (this.#silent === undefined) return false;
    this.#silent += 1;
    return this.#silent > this.#mostSilent;
  }
}

/** The lease of a guardian. It begins with the guardian's first sign of life. */
export const guardianLease = (answerMs: number = ANSWER_MS): Lease => new Lease(answerMs, RENEW_MS);

/** Calls `look` again and again. Resolves when the lease is lost. Rejects with the signal's reason. */
export async function lost(lease: Lease, clock: Clock, signal: AbortSignal): Promise<void> {
  do await clock.sleep(LOOK_MS, signal);
  while (!lease.look());
}

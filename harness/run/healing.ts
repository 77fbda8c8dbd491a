import { formatDuration } from '../core/duration.ts';
import type { Residue } from '../core/topology/residue.ts';
import { unseen } from '../core/topology/residue.ts';
import type { Snapshot } from '../core/topology/snapshot/snapshot.ts';
import type { JournalEntry } from '../core/topology/undo.ts';
import { ResidueAudit } from '../heal/audit.ts';
import { waitHealthy } from '../heal/health.ts';
import { type Healer, tell } from '../heal/undo.ts';
import type { Controllers } from './controllers.ts';
import type { FaultSchedule } from './steps/schedule.ts';

interface HealingOptions {
  readonly healer: Healer;
  readonly faults: FaultSchedule;
  readonly controllers: Controllers;
  /** The system has this long to become healthy, milliseconds. */
  readonly healthyMs: number;
  /** Aborted when the run is asked to end. */
  readonly signal: AbortSignal;
}

/** Puts the system back during a run: in its heal phase, and at its end. */
export class Healing {
  readonly #o: HealingOptions;
  readonly #audit: ResidueAudit;
  /** Whether the run has waited for the system to become healthy, and with what success. */
  #waited: 'not yet' | 'well' | 'in vain' = 'not yet';

  constructor(options: HealingOptions) {
    this.#o = options;
    this.#audit = new ResidueAudit(options.healer);
  }

  /** From now on the world is compared with this snapshot. */
  compareWith(before: Snapshot): void {
    this.#audit.compareWith(before);
  }

  /**
   * Heals every fault, waits until the system is healthy or the deadline is over, and looks for residue: recovery must
   * not be measured with a part of a fault in force. `rest` is called when the undo steps are over.
   */
  async phase(rest: () => void): Promise<void> {
    const { healer, faults, controllers, healthyMs, signal } = this.#o;
    const until = healer.clock.now() + healthyMs;
    const failed = await faults.heal();
    rest();
    const controlled = controllers.services;
    // A system whose undo failed does not become healthy by itself. The audit repairs it, and the wait below sees that.
    if (failed.length > 0) await this.#audit.look('after a failed undo', { failed, controlled });
    await waitHealthy(healer, healthyMs, signal);
    await this.#audit.look('at the end of the heal phase', { failed, controlled });
    // What the audit has repaired needs time to become healthy, as after an undo.
    const withinMs = this.#audit.found > 0 ? healthyMs : Math.max(0, until - healer.clock.now());
    const missing = await waitHealthy(healer, withinMs, signal);
    this.#waited = missing === undefined ? 'well' : 'in vain';
  }

  /**
   * Looks for residue when everything is healed, and records what is left and whether the system is healthy. `healed`
   * resolves with the undo steps that failed. Does nothing when no fault and no controller began. Throws only when the
   * record cannot be written.
   */
  async atTheEnd(healed: Promise<readonly JournalEntry[]>): Promise<void> {
    const { healer, faults, controllers } = this.#o;
    let residue: readonly Residue[] = [];
    let unwell: readonly Residue[] = [];
    try {
      const failed = await healed;
      if (!faults.began && !controllers.began) return;
      if (this.#waited === 'not yet' && failed.length > 0) await this.#audit.look('after a failed undo', { failed });
      // A database that is down shows nothing of its residue. So the last audit comes after the wait for health.
      unwell = await this.#unwell();
      const before = this.#audit.found;
      residue = await this.#audit.look('at the end of the run', { failed });
      if (this.#audit.found > before) {
        this.#waited = 'not yet';
        unwell = await this.#unwell();
      }
    } catch (error) {
      unwell = [unseen(error)];
    }
    const { emit, clock } = healer;
    emit({ t: clock.now(), kind: 'residue', residue: [...residue, ...unwell], healthy: unwell.length === 0 });
  }

  /**
   * Returns an entry for each thing that is not healthy. The system has `healthyMs` once more to become healthy: a run
   * that was ended early had no heal phase, and the load may have overwhelmed a system that was healthy before
   * recovery. A system for which the run has waited in vain is asked once.
   */
  async #unwell(): Promise<readonly Residue[]> {
    const { healer, healthyMs } = this.#o;
    const { clock, emit } = healer;
    try {
      const first = await waitHealthy(healer, 0);
      if (first === undefined) return [];
      const began = clock.now();
      const missing = this.#waited === 'in vain' ? first : await waitHealthy(healer, healthyMs);
      this.#waited = missing === undefined ? 'well' : 'in vain';
      if (missing === undefined) {
        const after = formatDuration(Math.round(clock.now() - began));
        const message = `the system was healthy ${after} after the run's last phase; until then: ${first.join(', ')}`;
        tell(emit, { t: clock.now(), kind: 'note', message });
      }
      return (missing ?? []).map((what) => ({ kind: 'not healthy', target: what, how_to_undo: 'chaos heal' }));
    } catch (error) {
      return [unseen(error)];
    }
  }
}

import { describeError } from '../core/errors.ts';
import { compare, type Comparison, differencesAsResidue } from '../core/topology/snapshot/compare.ts';
import { type Snapshot, without } from '../core/topology/snapshot/snapshot.ts';
import {
  type AuditMoment,
  type FoundResidue,
  notUndone,
  type RepairedResidue,
  type Residue,
  unseen,
} from '../core/topology/residue.ts';
import type { JournalEntry } from '../core/topology/undo.ts';
import { type Healer, tell, undoAll } from './undo.ts';

/** The engine may still carry out an order whose sender has died. So the audit waits this long first, milliseconds. */
const LATE_ORDER_MS = 1_000;

interface LookOptions {
  /** Undo steps that have failed. They are residue, and are tried once more. */
  readonly failed?: readonly JournalEntry[];
  /** True when the process that sent orders to the engine may have died. */
  readonly late?: boolean;
  /** Services whose number of containers a controller decides at this moment. */
  readonly controlled?: readonly string[];
}

interface Sight {
  readonly residue: readonly Residue[];
  readonly comparison: Comparison;
}

/**
 * The audit for residue of one run. Each call of `look` first records the residue that it found, and only then repairs
 * it. The audit compares the world with the snapshot from before the first fault, as soon as there is a snapshot.
 */
export class ResidueAudit {
  readonly #healer: Healer;
  #before: Snapshot | undefined;
  #found = 0;
  /** For each residue that is still there: the moment at which the audit saw it first. */
  readonly #since = new Map<string, AuditMoment>();
  /** Undo steps that failed at first and were carried out later. */
  readonly #mended = new Set<string>();

  constructor(healer: Healer, before?: Snapshot) {
    this.#healer = healer;
    this.#before = before;
  }

  /** From now on the world is compared with this snapshot. */
  compareWith(before: Snapshot): void {
    this.#before = before;
  }

  /** How much residue the audit has found so far, repaired or not. What two calls of `look` found counts twice. */
  get found(): number {
    return this.#found;
  }

  /**
   * Looks for residue and records what it found. If there is residue, repairs it once and looks again. Resolves with
   * the residue that is left. Never throws.
   */
  async look(at: AuditMoment, options: LookOptions = {}): Promise<readonly Residue[]> {
    const { clock } = this.#healer;
    const { late = false, controlled = [] } = options;
    const failed = (options.failed ?? []).filter((entry) => !this.#mended.has(keyOf(entry)));
    try {
      if (late) await clock.sleep(LATE_ORDER_MS);
      const begun = clock.now();
      const seen = await this.#see(controlled);
      const found = merged(seen.residue, notUndone(failed, this.#healer.topology.spec));
      this.#tell(at, clock.now() - begun, found, seen.comparison);
      if (found.length === 0) return found;
      return await this.#repair(at, found, failed, controlled);
    } catch (error) {
      const left = [...notUndone(failed, this.#healer.topology.spec), unseen(error)];
      this.#tell(at, 0, left, undefined);
      return left;
    }
  }

  async #repair(
    at: AuditMoment,
    found: readonly Residue[],
    failed: readonly JournalEntry[],
    controlled: readonly string[],
  ): Promise<readonly Residue[]> {
    const { topology, clock, emit } = this.#healer;
    await topology.restore(this.#before).catch((error: unknown) => {
      const message = `not everything could be repaired: ${describeError(error)}`;
      tell(emit, { t: clock.now(), kind: 'note', message });
    });
    const still = await undoAll(this.#healer, failed);
    for (const entry of failed) if (!still.includes(entry)) this.#mended.add(keyOf(entry));
    const left = await this.#see(controlled).then(
      ({ residue }) => merged(residue, notUndone(still, topology.spec)),
      (error: unknown) => [...notUndone(still, topology.spec), unseen(error)],
    );
    const there = new Set(left.map(nameOf));
    const gone = found.filter((one) => !there.has(nameOf(one)));
    for (const one of gone) this.#since.delete(nameOf(one));
    const repaired = gone.map((one): RepairedResidue => ({
      ...one,
      by: one.kind === 'not undone' ? 'its undo, tried again' : 'the audit',
    }));
    tell(emit, { t: clock.now(), kind: 'repaired', at, repaired, left });
    return left;
  }

  async #see(controlled: readonly string[]): Promise<Sight> {
    const { residue, snapshot } = await this.#healer.topology.look();
    if (this.#before === undefined) return { residue, comparison: { changed: [], may_differ: [] } };
    const fixed = (whole: Snapshot): Snapshot =>
      without(whole, (_place, { service }) => service !== undefined && controlled.includes(service));
    const comparison = compare(fixed(this.#before), fixed(snapshot));
    return { residue: [...residue, ...differencesAsResidue(comparison.changed)], comparison };
  }

  #tell(at: AuditMoment, ms: number, found: readonly Residue[], comparison: Comparison | undefined): void {
    const { clock, emit, by } = this.#healer;
    this.#found += found.length;
    const since = (one: Residue): AuditMoment => {
      const first = this.#since.get(nameOf(one)) ?? at;
      this.#since.set(nameOf(one), first);
      return first;
    };
    tell(emit, {
      t: clock.now(),
      kind: 'audited',
      at,
      by,
      ms,
      compared: this.#before !== undefined && comparison !== undefined,
      found: found.map((one): FoundResidue => ({ ...one, since: since(one) })),
      may_differ: comparison?.may_differ ?? [],
    });
  }
}

const keyOf = ({ id, step }: JournalEntry): string => JSON.stringify([id, step]);

const nameOf = ({ kind, target }: Residue): string => `${kind} ${target}`;

/** Returns both lists. A step that was not undone is left out when its command is already in the first list. */
function merged(residue: readonly Residue[], steps: readonly Residue[]): Residue[] {
  const commands = new Set(residue.map((one) => one.how_to_undo));
  return [...residue, ...steps.filter((one) => !commands.has(one.how_to_undo))];
}

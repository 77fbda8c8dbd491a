import type { Clock } from '../../core/clock.ts';
import { withDeadline } from '../../core/deadline.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import { type Hold, type Property, STATE } from '../../core/topology/hold.ts';
import type { JournalEntry, UndoStep } from '../../core/topology/undo.ts';
import { type Healer, tell, undoFor, type UndoTries } from '../../heal/undo.ts';
import { nodesFor, placeOfStep } from './place.ts';

/** When a change of a property hangs, the next change of the same property waits for it this long, milliseconds. */
const TURN_MS = 10_000;
/** An undo step in a container that was started a moment ago is tried this often at most. What runs in the container
 * needs seconds before it takes commands. */
const TRIES = 20;

/** A fault that holds a property. */
interface Claim {
  readonly id: string;
  readonly hold: Hold;
}

/** What the run knows of one property. */
interface Kept extends Property {
  /** The undo steps that give back the value from before the first fault that held the property. Undefined until
   * a fault has held it. */
  before: readonly UndoStep[] | undefined;
  /** The faults that hold the property, the oldest first. */
  claims: readonly Claim[];
  /** The faults whose undo steps for this property are on disk and not done. */
  readonly owing: Set<string>;
  /** Undos that need this container to run, while a fault keeps it from running. */
  waiting: (() => Promise<readonly JournalEntry[]>)[];
  /** The last change, and the fault that made it. One change follows the other. */
  turn: { readonly id: string; readonly done: Promise<unknown> };
  /** The undo when all faults are over. It is carried out once for all faults that held the property. */
  given: Promise<readonly JournalEntry[]> | undefined;
  /** True when a fault has received the undo steps that failed in `given`. No other fault receives them. */
  told: boolean;
}

/** The youngest fault that keeps a value. */
const keeperOf = (claims: readonly Claim[]): Claim | undefined =>
  claims.findLast(({ hold }) => hold.value !== undefined);

/**
 * The properties that the faults of a run hold. While several faults hold one property, the value of the youngest is in
 * force. When the last of these faults is healed, the value from before the first fault of the run that held the
 * property comes back. Every undo step on disk gives back this first value, so the guardian needs no ledger.
 */
export class Ledger {
  readonly #healer: Healer;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  /** True when all faults are over: nothing is held any more, and everything is given back. */
  #closed = false;

  constructor(healer: Healer) {
    this.#healer = healer;
    this.#clock = healer.clock;
  }

  /** Lets a fault hold a property. `record` writes undo steps to disk, and throws when the fault is over. */
  async hold(id: string, hold: Hold, record: (steps: readonly UndoStep[]) => void): Promise<void> {
    const kept = this.#of(hold);
    await this.#inTurn(kept, id, async () => {
      const others = kept.claims.filter((claim) => claim.id !== id);
      const keeper = keeperOf(others);
      if (hold.what === STATE && hold.value === undefined && keeper !== undefined)
        throw clash(id, keeper.id, hold.place);
      const before = (kept.before ??= await hold.before());
      record(before);
      kept.owing.add(id);
      kept.claims = [...others, { id, hold }];
      if (hold.what === STATE && keeper !== undefined) {
        if (keeper.hold.value === hold.value) return;
        for (const step of before) await this.#healer.topology.undo(step);
      }
      await hold.set();
    });
  }

  /**
   * Ends a fault's hold on a property. `late`: an act of the fault has ended after its undo, so the value that
   * should be in force is set again. Resolves with the undo steps that failed.
   */
  release(id: string, property: Property, late = false): Promise<readonly JournalEntry[]> {
    const kept = this.#of(property);
    if (this.#closed) return late ? this.#giveBack(kept, id) : this.#giveBackOnce(kept, id);
    return this.#inTurn(kept, id, async () => {
      const keeper = keeperOf(kept.claims);
      kept.claims = kept.claims.filter((claim) => claim.id !== id);
      const next = keeperOf(kept.claims);
      if (next === undefined) return this.#giveBack(kept, id);
      if (late || (keeper?.id === id && keeper.hold.value !== next.hold.value)) await this.#setAgain(kept, next);
      return [];
    });
  }

  /**
   * Carries out an undo step that belongs to a fault and to no held property. When another fault keeps the step's
   * container from running, the step is carried out as soon as the container runs. Resolves with false when it failed.
   */
  async undo(entry: JournalEntry): Promise<boolean> {
    const { id, step } = entry;
    const failed = await this.#whenRunning([step], async (how) =>
      (await undoFor(this.#healer, step, [id], how)) ? [] : [entry],
    );
    return failed.length === 0;
  }

  /** Throws CHAOS_FAULTS_CLASH when another fault than `id` keeps the container `place` from running. */
  mayReach(id: string, place: string | undefined): void {
    const keeper = place === undefined ? undefined : this.#keeperOfState(place);
    if (place !== undefined && keeper !== undefined && keeper.id !== id) throw clash(id, keeper.id, place);
  }

  /** From now on nothing is held, because all faults are over. What could not be given back so far is tried again. */
  close(): void {
    this.#closed = true;
    for (const kept of this.#kept.values())
      if (kept.owing.size > 0) Object.assign(kept, { given: undefined, told: false });
  }

  /** Makes the containers run again that a fault kept from running. Each fault's `release` says what failed. */
  async runAgain(): Promise<void> {
    const stopped = [...this.#kept.values()].filter(({ what, owing }) => what === STATE && owing.size > 0);
    await Promise.all(stopped.map((kept) => this.#given(kept, [...kept.owing].at(-1) ?? '')));
  }

  #of({ place, what }: Property): Kept {
    const key = `${what} of ${place}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const kept: Kept = {
      place,
      what,
      before: undefined,
      claims: [],
      owing: new Set(),
      waiting: [],
      turn: { id: '', done: Promise.resolve() },
      given: undefined,
      told: false,
    };
    this.#kept.set(key, kept);
    return kept;
  }

  async #inTurn<T>(kept: Kept, id: string, work: () => Promise<T>): Promise<T> {
    const { turn } = kept;
    // A fault that is healed has waited for its own acts already.
    const ready =
      turn.id === id ? Promise.resolve() : withDeadline('a change of the same property', TURN_MS, turn.done);
    const done = ready.catch(() => undefined).then(work);
    kept.turn = { id, done };
    return done;
  }

  #keeperOfState(place: string): Claim | undefined {
    return this.#closed ? undefined : keeperOf(this.#kept.get(`${STATE} of ${place}`)?.claims ?? []);
  }

  /** Returns the first of these containers that a fault keeps from running. */
  #stopped(places: readonly string[]): Kept | undefined {
    const place = places.find((one) => this.#keeperOfState(one) !== undefined);
    return place === undefined ? undefined : this.#of({ place, what: STATE });
  }

  /** Carries out `undo` now, or as soon as the container runs that these steps need. */
  async #whenRunning(
    steps: readonly UndoStep[],
    undo: (how: UndoTries) => Promise<readonly JournalEntry[]>,
  ): Promise<readonly JournalEntry[]> {
    const { spec } = this.#healer.topology;
    const needed = this.#stopped(steps.flatMap((step) => placeOfStep(step, spec) ?? []));
    // SQL needs the primary. While a node of the database is down, another node may be the primary or not.
    const perhaps = this.#stopped(steps.flatMap((step) => nodesFor(step, spec)));
    if (needed === undefined) {
      const failed = await undo({ again: perhaps !== undefined });
      if (failed.length === 0 || perhaps === undefined) return failed;
    }
    (needed ?? perhaps)?.waiting.push(() => undo({ tries: TRIES }));
    return [];
  }

  #giveBack(kept: Kept, id: string): Promise<readonly JournalEntry[]> {
    if (kept.what === STATE) return this.#carryOut(kept, id);
    return this.#whenRunning(kept.before ?? [], (how) =>
      // Meanwhile another fault may have taken hold of the property.
      keeperOf(kept.claims) === undefined ? this.#carryOut(kept, id, how) : Promise.resolve([]),
    );
  }

  #given(kept: Kept, id: string): Promise<readonly JournalEntry[]> {
    kept.given ??= this.#carryOut(kept, id);
    return kept.given;
  }

  /** Gives a property back once for all faults that held it. Only one of these faults gets the steps that failed. */
  async #giveBackOnce(kept: Kept, id: string): Promise<readonly JournalEntry[]> {
    const failed = await this.#given(kept, id);
    if (kept.told) return [];
    kept.told = true;
    return failed;
  }

  async #carryOut(kept: Kept, id: string, how?: UndoTries): Promise<readonly JournalEntry[]> {
    const ids = kept.owing.size === 0 ? [id] : [...kept.owing];
    const failed: UndoStep[] = [];
    for (const step of kept.before ?? []) if (!(await undoFor(this.#healer, step, ids, how))) failed.push(step);
    if (failed.length === 0) kept.owing.clear();
    const waiting = kept.waiting.splice(0);
    const late: (readonly JournalEntry[])[] = [];
    for (const undo of waiting) late.push(await undo());
    return [...failed.map((step) => ({ id, step })), ...late.flat()];
  }

  /** Sets the value of a fault that is still in force. When that fails, its own proof shows that it did not bite. */
  async #setAgain(kept: Kept, { id, hold }: Claim): Promise<void> {
    const { topology, emit } = this.#healer;
    try {
      if (kept.what === STATE) for (const step of kept.before ?? []) await topology.undo(step);
      await hold.set();
    } catch (error) {
      const message = `${id} is not in force any more on ${kept.place} (${kept.what}): ${describeError(error)}`;
      tell(emit, { t: this.#clock.now(), kind: 'note', message });
    }
  }
}

const clash = (id: string, keeper: string, place: string): ChaosError =>
  new ChaosError('CHAOS_FAULTS_CLASH', {
    what: `${id} cannot act on ${place}: ${keeper} keeps it from running`,
    hint: `Let ${id} begin when ${keeper} is over, or aim it at another container.`,
    exit: 'inconclusive',
  });

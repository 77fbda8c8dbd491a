import { ChaosError } from '../core/errors.ts';
import type { Held, Hold } from '../core/topology/hold.ts';
import { notUndone } from '../core/topology/residue.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import type { JournalEntry } from '../core/topology/undo.ts';
import { UndoJournal } from '../heal/journal.ts';
import { type Healer, undoAll } from '../heal/undo.ts';
import { newName } from '../record/folders.ts';
import type { SessionParts } from './parts.ts';
import type { Places } from './places.ts';

/**
 * The changes of a command that holds the topology and records no run. Each way back is on disk before its change. When
 * the process dies, the next command that takes the topology puts everything back.
 */
export class Keeping implements Disposable {
  readonly #healer: Healer;
  readonly #places: Places;
  readonly #name: string;
  readonly #journal: UndoJournal;
  /** Newest first. */
  #entries: readonly JournalEntry[] = [];

  /** `what`: a name for what the command does, for people: "deploy-app". */
  constructor(
    topology: TopologyControl,
    places: Places,
    parts: Pick<SessionParts, 'clock' | 'variablesOf'>,
    what: string,
  ) {
    this.#healer = { topology, clock: parts.clock, by: 'run', emit: () => undefined };
    this.#places = places;
    this.#name = newName(what);
    const { spec } = topology;
    const notes = { run: this.#name, topology: spec, env: parts.variablesOf(spec.files) };
    this.#journal = new UndoJournal(places.notes.begin(notes));
  }

  /** Changes a property, as a fault's `hold` does. The property is held until it is released. */
  hold = async ({ before, set }: Hold): Promise<Held> => {
    const entries = (await before()).map((step) => ({ id: this.#name, step }));
    for (const entry of entries.toReversed()) this.#journal.record(entry);
    this.#entries = [...entries, ...this.#entries];
    await set();
    return { release: () => this.#undo(entries) };
  };

  /** Carries out every way back. Throws CHAOS_RESIDUE when something could not be put back: then its way back is kept. */
  putBack(): Promise<void> {
    return this.#undo(this.#entries);
  }

  /** Nothing is to be put back any more: it is put back, or it is meant to stay. */
  forget(): void {
    this.#places.notes.remove(this.#name);
  }

  [Symbol.dispose](): void {
    this.#journal[Symbol.dispose]();
  }

  async #undo(entries: readonly JournalEntry[]): Promise<void> {
    const left = notUndone(await undoAll(this.#healer, entries), this.#healer.topology.spec);
    if (left.length === 0) return;
    throw new ChaosError('CHAOS_RESIDUE', {
      what: `what \`chaos\` changed could not be put back: ${left.map(({ target }) => target).join('; ')}`,
      hint: [...left.map(({ how_to_undo: how }) => how), 'chaos heal'].join('\n'),
      exit: 'not-restored',
    });
  }
}

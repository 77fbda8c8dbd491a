import { closeSync, fsyncSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '../core/disk-error.ts';
import { inUndoOrder, type JournalEntry } from '../core/topology/undo.ts';
import { appendWhole, openLines, readLines } from '../disk/lines.ts';

const JOURNAL_FILE = 'undo.ndjson';

/** The undo steps of a run. Each is on disk before the act that it reverses, so another process can heal the system. */
export class UndoJournal implements Disposable {
  readonly #path: string;
  readonly #file: number;
  #closed = false;

  /** `folder`: the folder of the run's notes. */
  constructor(folder: string) {
    this.#path = join(folder, JOURNAL_FILE);
    // Steps are not masked: what is masked could not be carried out.
    this.#file = openLines(this.#path, 0o600);
  }

  /**
   * Writes and syncs one entry. Throws when the journal is closed, and CHAOS_DISK_FULL when the entry cannot be
   * written, because then nobody would undo the act.
   */
  record(entry: JournalEntry): void {
    if (this.#closed) throw new Error(`no undo can be recorded for ${entry.id}: its run is over`);
    appendWhole(this.#file, this.#path, `${JSON.stringify(entry)}\n`);
    onDisk(this.#path, () => fsyncSync(this.#file));
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    closeSync(this.#file);
  }
}

/**
 * Returns the entries of a run in the order in which they are undone: containers run again first, then newest first. An
 * entry that is cut short was not synced, so its act had not begun.
 */
export const readJournal = (folder: string): JournalEntry[] =>
  inUndoOrder(readLines<JournalEntry>(join(folder, JOURNAL_FILE)).reverse());

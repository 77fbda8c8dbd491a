import { closeSync, fsyncSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { UndoStep } from '../core/undo.ts';
import { openLines, readLines } from './lines.ts';

const JOURNAL_FILE = 'undo.ndjson';

export interface JournalEntry {
  /** Id of the fault whose step this takes back. */
  readonly id: string;
  readonly step: UndoStep;
}

/** The way back, on disk before each step forward: whoever finds it can put the system right. */
export class UndoJournal implements Disposable {
  readonly #file: number;

  constructor(dir: string) {
    this.#file = openLines(join(dir, JOURNAL_FILE));
  }

  /** Written and synced when it returns. */
  record(entry: JournalEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/**
 * Entries of a run, newest first: the order in which they are to be undone. A torn one was not synced, so its act had not
 * begun.
 */
export const readJournal = (dir: string): JournalEntry[] => readLines<JournalEntry>(join(dir, JOURNAL_FILE)).reverse();

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { UndoStep } from '../core/undo.ts';

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
    this.#file = openSync(join(dir, JOURNAL_FILE), 'a');
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

/** Entries of a run, newest first: the order in which they are to be undone. */
export function readJournal(dir: string): JournalEntry[] {
  const path = join(dir, JOURNAL_FILE);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as JournalEntry).reverse();
}

import { readFileSync } from 'node:fs';

/** One fact about this machine: whether it is good enough for a run, its value, and what to do when it is not. */
export interface Fact {
  readonly name: string;
  readonly ok: boolean;
  readonly value: string;
  readonly remedy: string;
}

/** Returns the text of a file of the kernel or the engine; empty when it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

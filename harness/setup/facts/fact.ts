import { readFileSync } from 'node:fs';

/** One thing that is so on this machine, whether it will do, and what to do where it will not. */
export interface Fact {
  readonly name: string;
  readonly ok: boolean;
  readonly value: string;
  readonly remedy: string;
}

/** What a file of the kernel's or the engine's says; empty where it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

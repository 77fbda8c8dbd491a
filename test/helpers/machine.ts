import { readFileSync } from 'node:fs';
import { processorTime } from '../../harness/probes/steal.ts';

/** Watches how busy the machine is, everything that runs on it together. */
export class Machine {
  #since = this.#read();

  /** Returns the use of the processor since the last call, in percent of one core; NaN where nobody knows it. */
  cores(): number {
    const [before, now] = [this.#since, this.#read()];
    this.#since = now;
    return ((now.busy - before.busy) / (now.at - before.at)) * 100;
  }

  #read(): { readonly at: number; readonly busy: number } {
    const at = performance.now();
    try {
      return { at, busy: processorTime(readFileSync('/proc/stat', 'utf8'))?.busy ?? NaN };
    } catch {
      return { at, busy: NaN };
    }
  }
}

import type { JudgedRun, Reporter, ResultStore } from '../../core/record/run.ts';
import type { Redact } from '../../core/text/redact.ts';
import { lent } from '../../record/lent-store.ts';
import { writeResults } from '../../record/results.ts';

export interface KeepingParts {
  readonly reporters: readonly Reporter[];
  /** Opens the results database. It is opened for the first run, and closed when the object is disposed of. */
  readonly openStore: () => Promise<ResultStore>;
  /** Returns what masks the secrets of a run. */
  readonly redactOf: (judged: JudgedRun) => Redact;
  readonly warn: (message: string) => void;
}

/** Writes what can be made again of imported runs: run.json, the reports and the rows. */
export class Keeping implements AsyncDisposable {
  readonly #parts: KeepingParts;
  #store: Promise<ResultStore> | undefined;
  #whole = true;
  #kept = 0;
  #saved = 0;

  constructor(parts: KeepingParts) {
    this.#parts = parts;
  }

  /** False when a file or a row could not be written. A warning named it. */
  get whole(): boolean {
    return this.#whole;
  }

  /** False when a run is missing in the results database. */
  get indexed(): boolean {
    return this.#saved === this.#kept;
  }

  /** `copied`: the folder has just come. The reports of a folder that was there stay. */
  async keep(judged: JudgedRun, copied: boolean): Promise<void> {
    const { reporters, redactOf, warn } = this.#parts;
    this.#kept += 1;
    await writeResults(judged.document.dir, judged, {
      reporters: copied ? reporters : [],
      openStore: () => this.#open(),
      // Once for all imported runs: whoever imports them does it.
      writeIndex: () => undefined,
      redact: redactOf(judged),
      warn: (message) => {
        this.#whole = false;
        warn(message);
      },
    });
  }

  async #open(): Promise<ResultStore> {
    this.#store ??= this.#parts.openStore();
    const store = lent(await this.#store);
    const save = async (judged: JudgedRun): Promise<void> => {
      await store.save(judged);
      this.#saved += 1;
    };
    return { ...store, save };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const store = await this.#store?.catch(() => undefined);
    await store?.[Symbol.asyncDispose]();
  }
}

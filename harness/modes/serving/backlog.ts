/** A message for viewers, and the place in the record where the event ends that it is about. */
interface Kept {
  readonly end: number;
  /** As it is sent: the lines of a server-sent event. */
  readonly text: string;
}

/** Where a viewer is in the messages of a run. */
export interface Cursor {
  readonly run: string;
  /** The viewer has every message up to this place in the record. */
  readonly end: number;
}

/** About how many characters are handed to a viewer's connection at once. */
const PART = 32_768;

/** Returns the id of a message, which a viewer sends back when it connects again. A new server reads it too. */
export const idOf = ({ run, end }: Cursor): string => `${run}:${end}`;

/** Reads an id. An id that is malformed is no id. */
export function cursorOf(id: string | undefined): Cursor | undefined {
  const [, run, end] = /^([\w.-]+):(\d{1,15})$/.exec(id ?? '') ?? [];
  return run === undefined ? undefined : { run, end: Number(end) };
}

/**
 * Every message about one run, from its first on. Viewers read it, each at its own pace, and none has a copy. A message
 * takes about 300 bytes, so an hour takes about two megabytes.
 */
export class Backlog {
  readonly run: string;
  readonly #kept: Kept[] = [];

  constructor(run: string) {
    this.run = run;
  }

  add(end: number, message: unknown): void {
    const text = `id: ${idOf({ run: this.run, end })}\ndata: ${JSON.stringify(message)}\n\n`;
    this.#kept.push({ end, text });
  }

  /**
   * Returns the next messages after a place, at most about 32 KB of them, and the place after them. A viewer of another
   * run begins with the first message. Returns undefined when there are no more.
   */
  after(cursor: Cursor | undefined): { readonly text: string; readonly cursor: Cursor } | undefined {
    const from = this.#indexAfter(cursor?.run === this.run ? cursor.end : -1);
    let text = '';
    let i = from;
    for (; i < this.#kept.length && text.length < PART; i += 1) text += this.#kept[i]?.text ?? '';
    const last = this.#kept[i - 1];
    return i === from || last === undefined ? undefined : { text, cursor: { run: this.run, end: last.end } };
  }

  /** Returns the position of the first message behind a place. Messages are in the order of their places. */
  #indexAfter(end: number): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#kept[middle]?.end ?? 0) > end) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

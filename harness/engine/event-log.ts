import { closeSync, fsyncSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../core/events.ts';
import { redactDeep } from '../core/redact.ts';
import type { Subscriber } from '../core/run.ts';
import { openLines, readLines } from './lines.ts';

export const EVENTS_FILE = 'events.ndjson';

/** Events that must be on disk before anything else happens. */
const SYNCED: ReadonlySet<RunEvent['kind']> = new Set(['run.started', 'fault.injecting', 'undo.recorded', 'run.ended']);

/** Appends to events.ndjson as things happen; the file is the truth, subscribers only watch, and see what stands there. */
export class EventLog implements Disposable {
  readonly #file: number;
  readonly #subscribers: readonly Subscriber[];
  readonly #redact: (text: string) => string;
  #closed = false;

  constructor(dir: string, subscribers: readonly Subscriber[], redact: (text: string) => string) {
    this.#file = openLines(join(dir, EVENTS_FILE));
    this.#subscribers = subscribers;
    this.#redact = redact;
  }

  emit = (event: RunEvent): void => {
    // What was left behind and comes late: its file's number may be another file's by now.
    if (this.#closed) return;
    // Its texts and not its line: a secret of digits alone would else cut into the figures.
    const recorded = redactDeep(event, this.#redact);
    writeSync(this.#file, `${JSON.stringify(recorded)}\n`);
    if (SYNCED.has(event.kind)) fsyncSync(this.#file);
    for (const subscriber of this.#subscribers) {
      try {
        subscriber.onEvent(recorded);
      } catch {
        // A watcher may neither stop nor slow a run: its own picture is all that it loses.
      }
    }
  };

  [Symbol.dispose](): void {
    this.#closed = true;
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** All events of a run in the order of their time. */
export const readEvents = (dir: string): RunEvent[] =>
  readLines<RunEvent>(join(dir, EVENTS_FILE)).sort((a, b) => a.t - b.t);

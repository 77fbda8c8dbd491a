import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../core/events.ts';
import { redactDeep } from '../core/redact.ts';
import type { Subscriber } from '../core/run.ts';

export const EVENTS_FILE = 'events.ndjson';

/** Events that must be on disk before anything else happens. */
const SYNCED: ReadonlySet<RunEvent['kind']> = new Set(['run.started', 'fault.injecting', 'undo.recorded', 'run.ended']);

/** Appends to events.ndjson as things happen; the file is the truth, subscribers only watch, and see what stands there. */
export class EventLog implements Disposable {
  readonly #file: number;
  readonly #subscribers: readonly Subscriber[];
  readonly #redact: (text: string) => string;

  constructor(dir: string, subscribers: readonly Subscriber[], redact: (text: string) => string) {
    this.#file = openSync(join(dir, EVENTS_FILE), 'a');
    this.#subscribers = subscribers;
    this.#redact = redact;
  }

  emit = (event: RunEvent): void => {
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
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** All events of a run in the order of their time; a line torn by a crash is left out. */
export function readEvents(dir: string): RunEvent[] {
  const events: RunEvent[] = [];
  for (const line of readFileSync(join(dir, EVENTS_FILE), 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      events.push(JSON.parse(line) as RunEvent);
    } catch {
      // Only the last line can be torn: the process died while it was written.
    }
  }
  return events.sort((a, b) => a.t - b.t);
}

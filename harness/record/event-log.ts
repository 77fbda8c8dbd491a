import { closeSync, fsyncSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '../core/disk-error.ts';
import type { RunEvent } from '../core/record/events.ts';
import { redactDeep } from '../core/text/redact.ts';
import type { Subscriber } from '../core/record/run.ts';
import { asRecordedNow } from './earlier.ts';
import { appendWhole, openLines, parseLines } from '../disk/lines.ts';

export const EVENTS_FILE = 'events.ndjson';

/** The events of a record that could not be written to disk, and the reason. `events` is empty when only a sync or the
 * seal has failed. */
export interface Unwritten {
  readonly events: readonly RunEvent[];
  /** CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE. */
  readonly failure: Error;
}

/** Events that must be on disk before the run goes on. */
const SYNCED: ReadonlySet<RunEvent['kind']> = new Set(['run.started', 'fault.injecting', 'undo.recorded', 'run.ended']);

/**
 * Appends events to events.ndjson as they happen, with secrets redacted. Subscribers receive the same redacted events.
 * An event that the disk does not take is kept, and written before the next one. So the file never has a gap.
 */
export class EventLog implements Disposable {
  readonly #path: string;
  readonly #file: number;
  readonly #subscribers: readonly Subscriber[];
  readonly #redact: (text: string) => string;
  readonly #unwritten: RunEvent[] = [];
  #failure: Error | undefined;
  #closed = false;

  constructor(dir: string, subscribers: readonly Subscriber[], redact: (text: string) => string) {
    this.#path = join(dir, EVENTS_FILE);
    this.#file = openLines(this.#path);
    this.#subscribers = subscribers;
    this.#redact = redact;
  }

  /** The events that are not written to disk, oldest first, and the reason. Undefined when all are written. */
  get lost(): Unwritten | undefined {
    return this.#failure === undefined ? undefined : { events: [...this.#unwritten], failure: this.#failure };
  }

  /** Why events are unwritten: CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE. Undefined when all are written. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * Records an event. Throws the failure for an event that must be on disk before the run goes on. For any other event
   * the failure is only in `failure`: the sender of the event is often a timer, which could not catch an error.
   */
  emit = (event: RunEvent): void => {
    // A late event of work that was abandoned. The descriptor may belong to another file by now.
    if (this.#closed) return;
    // The texts are redacted and not the whole line. Otherwise a secret of digits only would be found in the figures.
    const recorded = redactDeep(event, this.#redact);
    this.#unwritten.push(recorded);
    this.#write(SYNCED.has(event.kind));
    for (const subscriber of this.#subscribers) {
      try {
        subscriber.onEvent(recorded);
      } catch {
        // A subscriber's error must not stop a run. The subscriber only misses this event.
      }
    }
    if (this.#failure !== undefined && SYNCED.has(event.kind)) throw this.#failure;
  };

  #write(sync: boolean): void {
    try {
      for (let [event] = this.#unwritten; event !== undefined; [event] = this.#unwritten) {
        appendWhole(this.#file, this.#path, `${JSON.stringify(event)}\n`);
        this.#unwritten.shift();
      }
      if (sync) onDisk(this.#path, () => fsyncSync(this.#file));
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error as Error;
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** Returns all events of a run in the order of their time. Lines that cannot be read are left out. */
export const readEvents = (dir: string): RunEvent[] => readEventLines(dir).events;

/** Returns all events of a run in the order of their time, and the numbers of the lines that cannot be read, from 1. */
export function readEventLines(dir: string): { readonly events: RunEvent[]; readonly torn: readonly number[] } {
  const { values, torn } = parseLines<RunEvent>(join(dir, EVENTS_FILE));
  return { events: asRecordedNow(values).sort((a, b) => a.t - b.t), torn };
}

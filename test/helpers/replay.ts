import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../harness/core/record/events.ts';
import { processId } from '../../harness/disk/process-id.ts';
import { type KeptRecord, keptRecords } from './kept-records.ts';
import { temporaryFolder } from './samples/folder.ts';

/** A record that grows while a test looks at it. */
export class Growing {
  readonly dir: string;
  readonly #file: string;
  readonly #header: object;

  /** `run`: the name of the run. Its run.json says that this process makes it. */
  constructor(run: string, dir = join(temporaryFolder(), run)) {
    this.dir = dir;
    this.#file = join(dir, 'events.ndjson');
    this.#header = { schema_version: 1, run, title: run, started: new Date().toISOString() };
    mkdirSync(dir, { recursive: true });
    this.#write({ state: 'running', runner: processId(process.pid) });
  }

  add(...events: readonly RunEvent[]): void {
    appendFileSync(this.#file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }

  /** Adds a part of a line, as a writer that is in the middle of it. */
  addText(text: string): void {
    appendFileSync(this.#file, text);
  }

  end(verdict: string): void {
    this.#write({ verdict });
  }

  #write(more: object): void {
    writeFileSync(join(this.dir, 'run.json'), JSON.stringify({ ...this.#header, ...more }));
  }
}

/** Returns the events of a kept record in the order in which they were written. */
export function keptEvents(name: string): RunEvent[] {
  const record = keptRecords().find((one: KeptRecord) => one.name === name);
  const text = Buffer.from(record?.files.get('events.ndjson') ?? []).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);
}

/**
 * Adds events as they happened, `speed` times as fast. The moment of each event is the moment at which it is written.
 * Ends early when the signal is aborted.
 */
export async function replay(
  record: Pick<Growing, 'add'>,
  events: readonly RunEvent[],
  { speed = 1, signal }: { readonly speed?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const [first] = events;
  const begun = Date.now();
  for (const event of events) {
    const wait = begun + (event.t - (first?.t ?? 0)) / speed - Date.now();
    if (wait > 0) await delay(wait, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    if (signal?.aborted === true) return;
    record.add({ ...event, t: Date.now() });
  }
}

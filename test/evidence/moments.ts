import { closeSync, openSync, readdirSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventKind, RunEvent } from '../../harness/core/events.ts';
import { EVENTS_FILE } from '../../harness/engine/event-log.ts';

/** Where in a fault's life the harness is killed. */
export const MOMENTS = ['write-ahead', 'injecting', 'active', 'undoing'] as const;
export type Moment = (typeof MOMENTS)[number];

/** The event that is waited for; the kill follows at once, or after a seeded delay of so many milliseconds at most. */
export const AFTER: Readonly<Record<Moment, { readonly kind: EventKind; readonly withinMs: number }>> = {
  // The line is seen while its writer still syncs it: the act has not begun.
  'write-ahead': { kind: 'undo.recorded', withinMs: 0 },
  injecting: { kind: 'fault.injecting', withinMs: 150 },
  active: { kind: 'fault.injected', withinMs: 2_500 },
  undoing: { kind: 'fault.healing', withinMs: 100 },
};

/** The folder of the run of an experiment; undefined when the run is over before there is one. */
export async function folderOfRun(reports: string, experiment: string, over: AbortSignal): Promise<string | undefined> {
  for (;;) {
    const name = readdirSync(reports).find((folder) => folder.includes(`-${experiment}-`));
    if (name !== undefined) return join(reports, name);
    if (over.aborted) return undefined;
    await delay(20);
  }
}

/** Resolves as soon as the record of a run holds an event of this kind; false when the run is over before. */
export function recorded(dir: string, kind: EventKind, over: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const buffer = Buffer.alloc(65_536);
  let file: number | undefined;
  let text = '';
  const look = (): void => {
    try {
      file ??= openSync(join(dir, EVENTS_FILE), 'r');
    } catch {
      return; // not yet there
    }
    for (let got = Infinity; got > 0;) {
      got = readSync(file, buffer);
      text += buffer.toString('utf8', 0, got);
    }
    if (text.includes(`"kind":"${kind}"`)) resolve(true);
    // An event is never cut off: the rest of its line is kept.
    text = text.slice(text.lastIndexOf('\n') + 1);
  };
  const watcher = watch(dir, look);
  const end = (): void => {
    look();
    resolve(false);
  };
  over.addEventListener('abort', end, { once: true });
  if (over.aborted) end();
  else look();
  return promise.finally(() => {
    over.removeEventListener('abort', end);
    watcher.close();
    if (file !== undefined) closeSync(file);
  });
}

/** What the run had last written of its fault when it was killed. */
export function lastOfFault(events: readonly RunEvent[]): EventKind | undefined {
  const killed = events.findIndex((event) => event.kind === 'interrupted');
  const own = killed < 0 ? events : events.slice(0, killed);
  return own.findLast(({ kind }) => kind.startsWith('fault.') || kind.startsWith('undo.'))?.kind;
}

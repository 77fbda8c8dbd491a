import { closeSync, openSync, readdirSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventKind, RunEvent } from '../../harness/core/record/events.ts';
import { EVENTS_FILE } from '../../harness/record/event-log.ts';

/** The moments in a fault's life at which the harness is killed. */
export const MOMENTS = ['write-ahead', 'injecting', 'active', 'undoing'] as const;
export type Moment = (typeof MOMENTS)[number];

/** The event of each moment. The kill follows at once, or after a seeded delay of at most `withinMs` milliseconds. */
export const AFTER: Readonly<Record<Moment, { readonly kind: EventKind; readonly withinMs: number }>> = {
  // The line is seen while the run still syncs it to disk. So the act has not begun.
  'write-ahead': { kind: 'undo.recorded', withinMs: 0 },
  injecting: { kind: 'fault.injecting', withinMs: 150 },
  active: { kind: 'fault.injected', withinMs: 2_500 },
  undoing: { kind: 'fault.healing', withinMs: 100 },
};

/** Resolves with the folder of an experiment's run, or with undefined when the run is over before it has a folder. */
export async function folderOfRun(reports: string, experiment: string, over: AbortSignal): Promise<string | undefined> {
  for (;;) {
    const name = readdirSync(reports).find((folder) => folder.includes(`-${experiment}-`));
    if (name !== undefined) return join(reports, name);
    if (over.aborted) return undefined;
    await delay(20);
  }
}

/**
 * Resolves with true as soon as a run's record holds an event of this kind, or with false when the run is over before.
 */
export function recorded(dir: string, kind: EventKind, over: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const buffer = Buffer.alloc(65_536);
  let file: number | undefined;
  let text = '';
  const look = (): void => {
    try {
      file ??= openSync(join(dir, EVENTS_FILE), 'r');
    } catch {
      return; // the file does not exist yet
    }
    for (let got = Infinity; got > 0;) {
      got = readSync(file, buffer);
      text += buffer.toString('utf8', 0, got);
    }
    if (text.includes(`"kind":"${kind}"`)) resolve(true);
    // The beginning of a line is kept until its rest is there.
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

/** Returns the last event of its fault that the run had written when it was killed. */
export function lastOfFault(events: readonly RunEvent[]): EventKind | undefined {
  const killed = events.findIndex((event) => event.kind === 'interrupted');
  const own = killed < 0 ? events : events.slice(0, killed);
  return own.findLast(({ kind }) => kind.startsWith('fault.') || kind.startsWith('undo.'))?.kind;
}

import { closeSync, openSync, readdirSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventKind, RunEvent } from '../../harness/core/record/events.ts';
import { EVENTS_FILE } from '../../harness/record/event-log.ts';

/** A moment in the life of what a run does. The harness is killed at it. */
export interface Moment {
  readonly name: string;
  /** The event of the moment: its kind, and what else must be true of it. */
  readonly kind: EventKind;
  readonly is?: (event: RunEvent) => boolean;
  /** The kill follows after a seeded delay between these two, milliseconds. With twice 0 it follows at once. */
  readonly delayMs: readonly [least: number, most: number];
}

/** The moments in a fault's life. */
export const FAULT_MOMENTS: readonly Moment[] = [
  // The line is seen while the run still syncs it to disk. So the act has not begun.
  { name: 'write-ahead', kind: 'undo.recorded', delayMs: [0, 0] },
  { name: 'injecting', kind: 'fault.injecting', delayMs: [0, 150] },
  { name: 'active', kind: 'fault.injected', delayMs: [0, 2_500] },
  { name: 'undoing', kind: 'fault.healing', delayMs: [0, 100] },
];

const decided =
  (direction: 1 | -1) =>
  (event: RunEvent): boolean =>
    event.kind === 'decided' && Math.sign(event.to - event.from) === direction;

/** The moments in the life of a scaler that brings replicas and takes them away. */
export const SCALER_MOMENTS: readonly Moment[] = [
  { name: 'scaling up', kind: 'decided', is: decided(1), delayMs: [0, 2_500] },
  {
    name: 'scaled up',
    kind: 'scaled',
    is: (event) => event.kind === 'scaled' && event.action === 'scale_up',
    delayMs: [0, 1_000],
  },
  { name: 'scaling down', kind: 'decided', is: decided(-1), delayMs: [0, 300] },
  // The replicas that go answer their last requests.
  { name: 'draining', kind: 'decided', is: decided(-1), delayMs: [300, 3_000] },
];

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
 * Resolves with true as soon as a run's record holds the event of this moment, or with false when the run is over before.
 */
export function recorded(
  dir: string,
  { kind, is = () => true }: Pick<Moment, 'kind' | 'is'>,
  over: AbortSignal,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const buffer = Buffer.alloc(65_536);
  let file: number | undefined;
  let text = '';
  // Most lines are of other kinds. They are not parsed.
  const holds = (line: string): boolean => line.includes(`"kind":"${kind}"`) && is(JSON.parse(line) as RunEvent);
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
    const lines = text.split('\n');
    // The beginning of a line is kept until its rest is there.
    text = lines.pop() ?? '';
    if (lines.some(holds)) resolve(true);
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

/** Returns the last event about faults, scalers or their undo that the run had written when it was killed. */
export function lastAct(events: readonly RunEvent[]): EventKind | undefined {
  const killed = events.findIndex((event) => event.kind === 'interrupted');
  const own = killed < 0 ? events : events.slice(0, killed);
  return own.findLast(({ kind }) => /^(?:fault|undo)\.|^(?:decided|scaled)$/.test(kind))?.kind;
}

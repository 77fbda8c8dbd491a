import type { GamedayRead } from '../../core/gameday/reporter.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { RunDocument } from '../../core/record/run.ts';
import { redactDeep } from '../../core/text/redact.ts';

/** A run of a game day, as far as its folder can be read. */
export interface DayRun {
  readonly inject: string;
  readonly run: string;
  readonly dir: string;
  /** Absent when run.json is missing or damaged. */
  readonly document?: RunDocument;
  /** The events up to the first line that is damaged. */
  readonly events: readonly RunEvent[];
}

/** Returns every run of the day in its order, also of attempts that were made again. */
export const runsOf = ({ events, read }: Pick<GamedayRead, 'events' | 'read'>): DayRun[] =>
  events.flatMap((event) => {
    if (event.kind !== 'runs') return [];
    const { inject, run, dir } = event;
    const document = parsed(read(dir, 'run.json')) as RunDocument | undefined;
    return [
      {
        inject,
        run,
        dir,
        // A run that is at work has no results yet.
        ...(Array.isArray(document?.checks) && { document: redactDeep(document) }),
        events: linesOf(read(dir, 'events.ndjson') ?? ''),
      },
    ];
  });

function linesOf(text: string): RunEvent[] {
  const events: RunEvent[] = [];
  for (const line of text.split('\n')) {
    const event = (line === '' ? undefined : parsed(line)) as RunEvent | undefined;
    if (event === undefined) break;
    events.push(event);
  }
  return events;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { Attempt } from './attempts.ts';
import type { NotRun, PlannedEntry, SuiteEvent, SuiteEventOf } from './events.ts';

/** What is known of one experiment of a suite. */
export interface EntryState extends PlannedEntry {
  /** Attempts that have ended. A run that a crash or a person ended is none: it is made again. */
  readonly attempts: readonly Attempt[];
  /** Runs that were begun and have no result: a crash ended them, or a person. */
  readonly broken: readonly { readonly run: string; readonly dir: string }[];
  readonly notRun: NotRun | undefined;
}

export interface SuiteState {
  readonly started: SuiteEventOf<'suite.started'>;
  readonly entries: readonly EntryState[];
  /** Milliseconds in which the suite was at work, without the time between a crash and `--resume`. */
  readonly workedMs: number;
  /** Milliseconds of the phases of all attempts. */
  readonly phasesMs: number;
  readonly last: number;
}

/** Returns the state of a suite from its events; undefined when it never began. */
export function suiteState(events: readonly SuiteEvent[]): SuiteState | undefined {
  const started = events.find((event) => event.kind === 'suite.started');
  if (started === undefined) return undefined;
  let [workedMs, phasesMs, before] = [0, 0, started.t];
  for (const event of events) {
    if (event.kind !== 'suite.resumed') workedMs += Math.max(0, event.t - before);
    if (event.kind === 'attempt.ended') phasesMs += event.phases_ms;
    before = event.t;
  }
  return {
    started,
    entries: started.entries.map((entry) => ({ ...entry, ...entryState(events, entry.key) })),
    workedMs,
    phasesMs,
    last: before,
  };
}

function entryState(events: readonly SuiteEvent[], key: string): Pick<EntryState, 'attempts' | 'broken' | 'notRun'> {
  const attempts: Attempt[] = [];
  const runs: { run: string; dir: string }[] = [];
  let notRun: NotRun | undefined;
  for (const event of events) {
    if (event.kind === 'suite.resumed') notRun = undefined;
    if (!('key' in event) || event.key !== key) continue;
    if (event.kind === 'attempt.runs') runs.push({ run: event.run, dir: event.dir });
    if (event.kind === 'attempt.ended') attempts.push(event.attempt);
    if (event.kind === 'not.run') notRun = { code: event.code, reason: event.reason };
  }
  const ended = attempts.filter(({ verdict }) => verdict !== 'INTERRUPTED');
  return { attempts: ended, broken: runs.filter(({ run }) => !ended.some((one) => one.run === run)), notRun };
}

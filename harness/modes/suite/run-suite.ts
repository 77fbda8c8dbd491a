import { formatDuration } from '../../core/duration.ts';
import type { Clock } from '../../core/clock.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import { longestMs } from '../../core/plan/plan.ts';
import type { RunDocument } from '../../core/record/run.ts';
import type { Attribution } from '../../core/suite/attribution.ts';
import { asksAgain, type Attempt, judgeControl } from '../../core/suite/attempts.ts';
import type { NotRun } from '../../core/suite/events.ts';
import { groupOf } from '../../core/suite/order.ts';
import type { EntryState } from '../../core/suite/state.ts';
import type { Suite, SuiteEntry } from '../../core/suite/suite.ts';
import { timeLeftMs } from '../../core/suite/time-left.ts';
import { refusal } from './refusal.ts';
import type { SuiteRecord } from './suite-record.ts';

/** The hold on the topology of some experiments of a suite. */
export interface SuiteSession extends AsyncDisposable {
  /** `runs` is told the name and the folder of the run as soon as it has them. */
  run(entry: SuiteEntry, runs: (run: string, dir: string) => void): Promise<RunDocument>;
  /** True when no other run can begin in this session. */
  readonly over: boolean;
}

/** What a suite needs of the world. */
export interface SuiteParts {
  readonly clock: Pick<Clock, 'now'>;
  /** Takes the topology of an experiment, healed. Rejects when it cannot be brought up. */
  open(entry: SuiteEntry): Promise<SuiteSession>;
  /** Says whose fault it is that a run did not pass. */
  attribute(document: RunDocument): Attribution;
  /** True when somebody has ended the suite. */
  interrupted(): boolean;
  say(line: string): void;
}

/** Carries out what is left of a suite, and records it. Ends early when it is interrupted. */
export async function runSuite(suite: Suite, record: SuiteRecord, parts: SuiteParts): Promise<void> {
  await using sessions = new Sessions(parts);
  for (const entry of suite.entries) {
    if (parts.interrupted()) return;
    await carryOut(entry, suite, record, parts, sessions);
  }
}

async function carryOut(
  entry: SuiteEntry,
  suite: Suite,
  record: SuiteRecord,
  parts: SuiteParts,
  sessions: Sessions,
): Promise<void> {
  const state = (): EntryState | undefined => record.state.entries.find(({ key }) => key === entry.key);
  while (asksAgain(state()?.attempts ?? [], entry.again)) {
    const no = refusal(suite, record.state, {
      longestMs: longestMs(entry.plan),
      workedMs: record.workedMs,
      now: parts.clock.now(),
    });
    const session = no ?? (await sessions.of(entry));
    if ('code' in session) {
      // An experiment that has a result keeps it: it is only not asked again. What is left behind is never passed over.
      if (state()?.attempts.length === 0 || session.code === 'not restored')
        record.add({ kind: 'not.run', key: entry.key, ...session });
      parts.say(`${entry.key}: not run: ${session.reason}`);
      return;
    }
    parts.say(progress(entry, record));
    const attempt = await attemptOf(entry, session, record, parts);
    if (attempt.verdict === 'INTERRUPTED' || parts.interrupted()) return;
  }
}

async function attemptOf(
  entry: SuiteEntry,
  session: SuiteSession,
  record: SuiteRecord,
  parts: SuiteParts,
): Promise<Attempt> {
  const { key } = entry;
  record.add({ kind: 'attempt.began', key });
  const document = await session.run(entry, (run, dir) => record.add({ kind: 'attempt.runs', key, run, dir }));
  const { run, dir, verdict, phases } = document;
  const judged = entry.expect === undefined ? { verdict } : judgeControl(entry.expect, document);
  const attempt: Attempt = {
    run,
    dir,
    ...judged,
    ...(judged.verdict === 'PASS' ? {} : { attributed: parts.attribute(document) }),
  };
  const phases_ms = phases.reduce((sum, { started, ended }) => sum + Date.parse(ended) - Date.parse(started), 0);
  record.add({ kind: 'attempt.ended', key, attempt, phases_ms });
  const { attributed } = attempt;
  parts.say(`${key}: ${attempt.verdict}${attributed === undefined ? '' : ` (${attributed.to}: ${attributed.why})`}`);
  return attempt;
}

/** "redis-loss: 3 of 12, about 31m left" */
function progress({ key }: SuiteEntry, record: SuiteRecord): string {
  const { entries, phasesMs } = record.state;
  const left = timeLeftMs(entries, { workedMs: record.workedMs, phasesMs });
  const at = entries.filter(({ attempts, notRun }) => attempts.length > 0 || notRun !== undefined).length;
  const attempts = entries.find((entry) => entry.key === key)?.attempts.length ?? 0;
  const which = attempts > 0 ? `once more (attempt ${attempts + 1})` : `${at + 1} of ${entries.length}`;
  return `${key}: ${which}, ${formatDuration(Math.ceil(left / 60_000) * 60_000)} left at most`;
}

/** The session at work. Another topology, or a session that is over, needs another one. */
class Sessions implements AsyncDisposable {
  readonly #parts: SuiteParts;
  #open: { readonly group: string; readonly session: SuiteSession } | undefined;

  constructor(parts: SuiteParts) {
    this.#parts = parts;
  }

  /** Returns the session for an experiment, or why it cannot be had. */
  async of(entry: SuiteEntry): Promise<SuiteSession | NotRun> {
    const { project, files, monitoring } = entry.plan.topology;
    const group = `${project} ${files.join(' ')} ${monitoring?.profile ?? ''} ${groupOf(entry)}`;
    if (this.#open !== undefined && this.#open.group === group && !this.#open.session.over) return this.#open.session;
    await this[Symbol.asyncDispose]();
    try {
      const session = await this.#parts.open(entry);
      this.#open = { group, session };
      return session;
    } catch (error) {
      // What an earlier run left behind could not be put back.
      if (error instanceof ChaosError && error.exit === 'not-restored')
        return { code: 'not restored', reason: describeError(error) };
      return { code: 'not ready', reason: `the topology could not be brought up: ${describeError(error)}` };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.session[Symbol.asyncDispose]();
  }
}

import type { CheckResult } from '../core/kinds/check-result.ts';
import { JUDGED_PHASES, type JudgedPhase } from '../core/plan/phases.ts';
import { eventsOf, type History, windowOf } from '../core/record/history.ts';
import { SILENT } from '../core/record/notes.ts';
import type { JudgedRun, RunDocument } from '../core/record/run.ts';
import type { Attribution } from '../core/suite/attribution.ts';
import { brokenIn } from './broken-answers.ts';
import { isCalm, isWatched, takenIn } from './others.ts';

/** Reasons of gates that say something about the machine on which the run went on. */
const OF_HOST: ReadonlySet<string> = new Set(['CHAOS_CPU_STOLEN', 'CHAOS_CLOCK_STEP']);
/** Reasons that come of a late generator: of the machine when others use it, otherwise unknown. */
const OF_GENERATOR: ReadonlySet<string> = new Set([
  'CHAOS_GENERATOR_LAG',
  'CHAOS_GENERATOR_SATURATED',
  'CHAOS_LOAD_DROPPED',
  'CHAOS_LOAD_SHORT',
]);
const OF_HARNESS: ReadonlySet<string> = new Set([
  'CHAOS_EVIDENCE_MISSING',
  'CHAOS_UNRECONCILED',
  'CHAOS_RECORD_DAMAGED',
]);
/** Reasons that say: a hypothesis was violated in the baseline, before any fault. */
const OF_BASELINE: ReadonlySet<string> = new Set(['CHAOS_NOT_STEADY', 'CHAOS_BASELINE_OUTSIDE']);
/** Who ends a run in order when the system has done nothing wrong. */
const BY_HARNESS: ReadonlySet<string> = new Set(['chaos abort', 'session', 'guardian']);
/** Reasons of gates for which a failed check of the same run is not to be believed. */
const DOUBTS: ReadonlySet<string> = new Set([
  'CHAOS_UNRECONCILED',
  'CHAOS_RECORD_DAMAGED',
  'CHAOS_RECORD_UNSEALED',
  'CHAOS_LOAD_DROPPED',
  'CHAOS_LOAD_SHORT',
  'CHAOS_FAULT_UNPROVEN',
]);
const FULL = 'CHAOS_DISK_FULL';
const LEFT = 'the system did not come back';

/** Something that the record shows the system to have done wrong. */
interface Wrong {
  readonly what: string;
  readonly during: readonly JudgedPhase[];
  /** Why a slow machine does not explain it. Undefined when it may. */
  readonly beyond: string | undefined;
}

/**
 * Says whose fault it is that a run did not pass, by what the record shows: the machine (time that a hypervisor or others took,
 * a full disk, a stepped clock), the harness, or the system under test. Unknown where the record does not show it, and where two
 * of them may be the reason: what the system did wrong is never blamed on the host when the host does not explain it. Pure over
 * the record.
 */
export function attribute({ document, history }: JudgedRun): Attribution {
  const { verdict, invalid, reason } = document;
  const wrong = wrongIn(document, history);
  const disk = fullDisk(document, history);
  if (disk !== undefined) return wrong.length === 0 ? { to: 'host', why: disk } : both(disk, wrong[0]);
  if (verdict === 'ERROR') return { to: 'harness', why: reason ?? 'the harness failed' };
  if (verdict === 'INTERRUPTED') return ofInterrupted(history, wrong, reason ?? 'the run was ended from outside');
  const host = invalid.find(({ code }) => OF_HOST.has(code))?.message ?? busy(history, wrong);
  const beyond = wrong.find((one) => one.beyond !== undefined);
  if (host !== undefined) return beyond === undefined ? { to: 'host', why: host } : both(host, beyond);
  return ofSystem(document, history, wrong) ?? ofHarness(document, history, wrong);
}

/** A run that got no processor time gives no sign of life either, and its guardian ends it. Nobody else kills for the host's sake. */
function ofInterrupted(history: History, wrong: readonly Wrong[], reason: string): Attribution {
  const silent = eventsOf(history, 'note').some(({ message }) => message.includes(SILENT));
  const taken = silent ? busy(history, []) : undefined;
  const why = silent ? [SILENT, ...(taken === undefined ? [] : [taken])].join(': ') : reason;
  // What the system did before the run was ended stays true.
  const shown = wrong.find((one) => one.beyond !== undefined || isShown(history, one));
  if (shown !== undefined) return both(why, shown);
  return { to: taken === undefined ? 'harness' : 'host', why };
}

const both = (host: string, wrong: Wrong | undefined): Attribution => ({
  to: 'unknown',
  why: `${host}; and ${wrong?.what ?? ''}${wrong?.beyond === undefined ? '' : ` (${wrong.beyond})`}`,
});

/** What the record shows the system to have done wrong, if the run came so far that it shows it. */
function wrongIn({ verdict, checks, invalid, reason }: RunDocument, history: History): readonly Wrong[] {
  const baseline = [...eventsOf(history, 'not-ready'), ...invalid].filter(({ code }) => OF_BASELINE.has(code));
  const stopped = eventsOf(history, 'aborted').filter(({ by }) => by === 'stop_if');
  const judged = verdict === 'FAIL' || verdict === 'INCONCLUSIVE' || verdict === 'INTERRUPTED';
  return [
    ...(verdict === 'NOT RESTORED' ? [{ what: reason ?? LEFT, during: JUDGED_PHASES, beyond: LEFT }] : []),
    ...baseline.map(({ message }) => {
      return { what: message, during: ['baseline' as const], beyond: brokenIn(history, ['baseline']) };
    }),
    ...stopped.map(({ message, t }) => {
      const during = JUDGED_PHASES.filter((phase) => (windowOf(history, phase)?.started ?? Infinity) <= t).slice(-1);
      return { what: message, during, beyond: brokenIn(history, during) };
    }),
    ...checks
      .filter((check) => judged && check.verdict === 'FAIL')
      .map((check) => {
        const { name, observed, during } = check;
        return { what: `${name}: ${observed}`, during, beyond: beyondSlow(check, history) };
      }),
  ];
}

function beyondSlow({ hypothesis = -1, during }: CheckResult, history: History): string | undefined {
  const check = history.plan.hypotheses[hypothesis]?.check;
  if (check === 'acknowledged_writes') return 'a slow machine loses no write';
  return check === 'errors' ? brokenIn(history, during) : undefined;
}

function fullDisk({ invalid, unwritten = [] }: RunDocument, history: History): string | undefined {
  const file = unwritten.find(({ code }) => code === FULL);
  if (file !== undefined) return `the disk was full: ${file.file} could not be written`;
  const ended = [...eventsOf(history, 'not-ready'), ...eventsOf(history, 'error'), ...invalid];
  return ended.find(({ code }) => code === FULL)?.message;
}

/** How others on the host took its processors: in a phase of each thing that went wrong, or in any phase when nothing did. */
function busy(history: History, wrong: readonly Wrong[]): string | undefined {
  const asked = wrong.length === 0 ? [JUDGED_PHASES] : wrong.map(({ during }) => during);
  const taken = asked.map((phases) => phases.map((phase) => takenIn(history, phase)).find((why) => why !== undefined));
  return taken.every((why) => why !== undefined) ? taken[0] : undefined;
}

function ofSystem(
  { verdict, invalid, reason }: RunDocument,
  history: History,
  wrong: readonly Wrong[],
): Attribution | undefined {
  if (verdict === 'NOT RESTORED') return { to: 'system', why: reason ?? LEFT };
  // A run that failed has passed every gate. In another, the phase in which the system failed must have been sound itself.
  const [first] =
    verdict === 'INCONCLUSIVE'
      ? wrong.filter((one) => isShown(history, one))
      : wrong.filter(({ during }) =>
          during.every((phase) => takenIn(history, phase) === undefined && isWatched(history, phase)),
        );
  if (first === undefined || invalid.some(({ code }) => DOUBTS.has(code))) return undefined;
  return { to: 'system', why: `${first.what}, and nothing else on the machine explains it` };
}

/** Whether the load was sent on time in every phase in which the system did wrong. */
const isShown = (history: History, { during }: Wrong): boolean =>
  during.length > 0 && during.every((phase) => isCalm(history, phase));

function ofHarness(
  { verdict, invalid, reason }: RunDocument,
  history: History,
  [wrong]: readonly Wrong[],
): Attribution {
  const late = invalid.find(({ code }) => OF_GENERATOR.has(code));
  if (late !== undefined) return { to: 'unknown', why: late.message };
  const broken = invalid.find(({ code }) => OF_HARNESS.has(code));
  if (broken !== undefined && wrong !== undefined) return both(broken.message, wrong);
  if (broken !== undefined) return { to: 'harness', why: broken.message };
  const by = eventsOf(history, 'aborted')[0]?.by;
  if (verdict === 'ABORTED' && by !== undefined && BY_HARNESS.has(by))
    return { to: 'harness', why: reason ?? 'the run was ended from outside' };
  return { to: 'unknown', why: invalid[0]?.message ?? reason ?? 'the record does not show it' };
}

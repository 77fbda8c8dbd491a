import type { Limited } from '../kinds/limit.ts';
import type { Series } from '../kinds/series.ts';
import { eventsOf } from '../record/history.ts';
import type { JudgedRun } from '../record/run.ts';
import { type Recovery, recoveryIn } from './recovery.ts';
import type { CommandSaid } from './said.ts';

/** Hands off, or everything that the runbook says. */
export type ArmKind = 'control' | 'treatment';

/** What one arm showed. */
export interface Arm {
  readonly arm: ArmKind;
  readonly run: string;
  readonly dir: string;
  /** Why the arm proves nothing. Absent for an arm that counts. */
  readonly void?: string;
  readonly recovery: Recovery;
  /** From the failure to the end of the arm, milliseconds. */
  readonly watchedMs: number;
  /** From the failure to the moment at which a person began, milliseconds. Null in the control arm. */
  readonly begunMs: number | null;
  readonly commands: readonly CommandSaid[];
  /** What the audit found when the failure was healed: the fault itself leaves nothing. */
  readonly left: readonly string[];
}

/** Reads an arm from the record of its run. Pure. `healthy`: what a sound system has, and the failure takes away. */
export function armOf(
  arm: ArmKind,
  { document, history }: JudgedRun,
  healthy: readonly Limited[],
  known: readonly Series[],
): Arm {
  const injected = eventsOf(history, 'fault.injected')[0]?.t;
  const commands = eventsOf(history, 'runbook.command');
  // What a runbook takes back at its end is no part of what it gains: its failure is still there.
  const back = commands.find(({ part }) => part === 'way back');
  const ended = back === undefined ? eventsOf(history, 'fault.healing')[0]?.t : back.t - back.ms;
  const begun = commands.find(({ state }) => state !== 'sound');
  const source = { events: history.events, topology: history.plan.topology };
  const there = injected !== undefined && ended !== undefined;
  const recovery: Recovery = there
    ? recoveryIn(healthy, known, source, { started: injected, ended })
    : { outcome: 'unknown', why: 'the failure was never there' };
  const why = voidOf(arm, { document, history }, recovery);
  return {
    arm,
    run: document.run,
    dir: document.dir,
    ...(why === undefined ? {} : { void: why }),
    recovery,
    watchedMs: there ? ended - injected : 0,
    begunMs: arm === 'control' || begun === undefined || injected === undefined ? null : begun.t - begun.ms - injected,
    commands: commands.map(({ t: _t, kind: _kind, id: _id, ...said }) => said),
    left: document.found.map(({ kind, target }) => `${kind}: ${target}`),
  };
}

/** The reason of a run whose fault was not shown to bite. */
const UNPROVEN = 'CHAOS_FAULT_UNPROVEN';

/**
 * Says why a run proves nothing about its runbook; undefined when it does. A treatment ends the failure, so the proof that it
 * bit to the end of its time is asked of the arm with hands off alone. In both arms users must have felt it.
 */
function voidOf(arm: ArmKind, { document }: JudgedRun, recovery: Recovery): string | undefined {
  const { verdict, invalid: all, faults, reason, checks } = document;
  const invalid = arm === 'control' ? all : all.filter(({ code }) => code !== UNPROVEN);
  if (['ABORTED', 'NOT READY', 'INTERRUPTED', 'ERROR', 'NOT RESTORED'].includes(verdict))
    return `${verdict}: ${reason ?? 'the run ended early'}`;
  const dull = faults.find(({ effective }) => effective !== 'effective');
  if (dull !== undefined && arm === 'control') return `the failure was not shown: ${dull.evidence}`;
  const [first] = invalid;
  if (first !== undefined) return first.message;
  const unsound = checks.find((check) => check.during.includes('baseline') && check.verdict === 'FAIL');
  if (unsound !== undefined)
    return `the system was not healthy before the failure: ${unsound.name}: ${unsound.observed}`;
  if (recovery.outcome === 'unknown') return recovery.why;
  return recovery.outcome === 'never broken'
    ? 'the failure was not felt: the system was healthy all the time'
    : undefined;
}

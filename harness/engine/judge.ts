import type { Check } from '../core/check.ts';
import type { CheckResult } from '../core/check-result.ts';
import { describeError } from '../core/errors.ts';
import type { Invalidity } from '../core/events.ts';
import type { Evidence, Fault, FaultRecord } from '../core/fault.ts';
import { eventsOf, type History } from '../core/history.ts';
import { lastPhase } from '../core/plan.ts';
import { faultsOf } from '../core/steps.ts';
import type { Residue } from '../core/topology.ts';
import { judgeRun, type RunVerdict } from '../core/verdict.ts';
import { evaluate } from './evaluate.ts';
import { byHand } from './heal.ts';
import type { JournalEntry } from './journal.ts';
import { invalidities } from './validity.ts';

export interface Judgement extends RunVerdict {
  readonly checks: readonly CheckResult[];
  readonly faults: readonly (Evidence & { readonly id: string })[];
  readonly invalid: readonly Invalidity[];
  readonly residue: readonly Residue[];
  readonly restored: boolean;
  readonly reason: string | undefined;
}

export interface Catalogue {
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
}

function prove(history: History, catalogue: readonly Fault[]): (Evidence & { id: string })[] {
  const injected = history.faults.map((record) => {
    const fault = catalogue.find((f) => f.name === record.fault);
    const evidence: Evidence =
      fault === undefined
        ? { effective: 'inconclusive', evidence: `this version has no fault "${record.fault}"` }
        : proven(fault, record);
    return { id: record.id, ...evidence };
  });
  const seen = new Set(injected.map((f) => f.id));
  const never = faultsOf(history.plan.faults).filter((f) => !seen.has(f.id));
  return [
    ...injected,
    ...never.map(({ id }) => ({ id, effective: 'inconclusive' as const, evidence: 'never injected' })),
  ];
}

/** Evidence that cannot be judged is none. */
function proven(fault: Fault, record: FaultRecord): Evidence {
  try {
    return fault.prove(record, record.params);
  } catch (error) {
    return { effective: 'inconclusive', evidence: `the proof failed: ${describeError(error)}` };
  }
}

/** What the record says of the way back: the last audit, or, where none was made, the steps that nobody took back. */
function leftBehind(history: History): { readonly residue: readonly Residue[]; readonly healthy: boolean } {
  const audited = eventsOf(history, 'residue').at(-1);
  if (audited !== undefined) return audited;
  const done = new Set(eventsOf(history, 'undo.done').map(keyOf));
  const open = eventsOf(history, 'undo.recorded').filter((event) => !done.has(keyOf(event)));
  return { residue: byHand(open.reverse(), history.plan.topology), healthy: true };
}

const keyOf = ({ id, step }: JournalEntry): string => JSON.stringify([id, step]);

/** Passed through its last phase, and looked after what its faults left. */
const isWhole = (history: History): boolean =>
  eventsOf(history, 'phase.ended').some((e) => e.phase === lastPhase(history.plan)) &&
  (history.faults.length === 0 || eventsOf(history, 'residue').length > 0);

/** The verdict of a run: a pure function of its record, the same today and in years. */
export function judge(history: History, catalogue: Catalogue): Judgement {
  const last = <T>(list: readonly T[]): T | undefined => list.at(-1);
  const faults = prove(history, catalogue.faults);
  const notReady = last(eventsOf(history, 'not-ready'));
  const error = last(eventsOf(history, 'error'));
  const whole = isWhole(history);
  // A record that just ends is a dead run's: nothing that it shows is a verdict.
  const aborted = last(eventsOf(history, 'aborted'));
  const ended = [notReady, error, aborted].some((event) => event !== undefined);
  const cut = whole || ended ? undefined : 'killed';
  const interrupted = last(eventsOf(history, 'interrupted'))?.by ?? cut;
  const left = leftBehind(history);
  const checks = notReady === undefined ? evaluate(history, catalogue.checks) : [];
  const ineffective = faults
    .filter((f) => f.effective !== 'effective')
    .map((f) => ({
      code: 'CHAOS_FAULT_UNPROVEN',
      message: `${f.id} was not shown to bite (${f.effective}): ${f.evidence}`,
    }));
  const invalid = notReady === undefined && whole ? [...invalidities(history, catalogue.checks), ...ineffective] : [];
  const restored = left.residue.length === 0 && left.healthy;
  const verdict = judgeRun({
    restored,
    error: error !== undefined,
    interrupted,
    aborted: aborted !== undefined,
    notReady: notReady !== undefined,
    invalid: invalid.length > 0,
    checks: checks.map((c) => c.verdict),
  });
  const reason = !restored
    ? 'the system was not put back'
    : (error?.message ?? notReady?.message ?? interruption(interrupted) ?? aborted?.message);
  return { ...verdict, checks, faults, invalid, residue: left.residue, restored, reason };
}

const interruption = (by: string | undefined): string | undefined =>
  by === undefined ? undefined : by === 'killed' ? 'the harness was killed' : `interrupted by ${by}`;

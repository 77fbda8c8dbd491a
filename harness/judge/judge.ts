import type { Known } from '../core/kinds/known.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import { describeError } from '../core/errors.ts';
import type { Invalidity } from '../core/record/events.ts';
import { boundFault, type Evidence, type Fault, type FaultRecord } from '../core/kinds/fault.ts';
import { eventsOf, type History, mayHaveChanged, wasBroken } from '../core/record/history.ts';
import { lastPhase } from '../core/plan/plan.ts';
import { faultsOf } from '../core/plan/steps.ts';
import type { Residue } from '../core/topology/residue.ts';
import { judgeRun, type RunVerdict } from '../core/verdict.ts';
import { evaluate } from './evaluate.ts';
import { NOT_COMPARED, notUndone } from '../core/topology/residue.ts';
import type { JournalEntry } from '../core/topology/undo.ts';
import { invalidities } from './gates/index.ts';

export interface Judgement extends RunVerdict {
  readonly checks: readonly CheckResult[];
  readonly faults: readonly (Evidence & { readonly id: string })[];
  readonly invalid: readonly Invalidity[];
  readonly residue: readonly Residue[];
  readonly restored: boolean;
  readonly reason: string | undefined;
}

/** What a record is judged with. */
export type Catalogue = Pick<Known, 'faults' | 'checks'>;

function prove(history: History, catalogue: readonly Fault[]): (Evidence & { id: string })[] {
  const injected = history.faults.map((record) => {
    return { id: record.id, ...proven(catalogue, record) };
  });
  const seen = new Set(injected.map((f) => f.id));
  const never = faultsOf(history.plan.faults).filter((f) => !seen.has(f.id));
  return [
    ...injected,
    ...never.map(({ id }) => ({ id, effective: 'inconclusive' as const, evidence: 'never injected' })),
  ];
}

/** Returns the evidence of one fault. It is inconclusive when it cannot be judged. */
function proven(catalogue: readonly Fault[], record: FaultRecord): Evidence {
  try {
    const unknown = { effective: 'inconclusive', evidence: `this version has no fault "${record.fault}"` } as const;
    return boundFault(catalogue, record)?.prove(record) ?? unknown;
  } catch (error) {
    return { effective: 'inconclusive', evidence: `the evidence could not be judged: ${describeError(error)}` };
  }
}

/**
 * Returns the result of the last audit for residue. Without an audit, the residue of a run that changed something is
 * each undo step that was not carried out, and NOT_COMPARED: nobody has compared the system with what it was.
 */
function leftBehind(history: History): { readonly residue: readonly Residue[]; readonly healthy: boolean } {
  const audited = eventsOf(history, 'residue').at(-1);
  if (audited !== undefined) return audited;
  if (!wasBroken(history)) return { residue: [], healthy: true };
  const done = new Set(eventsOf(history, 'undo.done').map(keyOf));
  const open = eventsOf(history, 'undo.recorded').filter((event) => !done.has(keyOf(event)));
  return { residue: [...notUndone(open.reverse(), history.plan.topology), NOT_COMPARED], healthy: true };
}

const keyOf = ({ id, step }: JournalEntry): string => JSON.stringify([id, step]);

/** True when the run passed its last phase, and its audit for residue was made if it changed the system. */
const isWhole = (history: History): boolean =>
  eventsOf(history, 'phase.ended').some((e) => e.phase === lastPhase(history.plan)) &&
  (!mayHaveChanged(history) || eventsOf(history, 'residue').length > 0);

/** Returns the verdict of a run and its reasons. Pure: the same record always gives the same verdict. */
export function judge(history: History, catalogue: Catalogue): Judgement {
  const last = <T>(list: readonly T[]): T | undefined => list.at(-1);
  const faults = prove(history, catalogue.faults);
  const unready = last(eventsOf(history, 'not-ready'));
  // When a later fault could not be injected, the system was broken all the same, and the run proves nothing.
  const notReady = wasBroken(history) ? undefined : unready;
  const cutShort = notReady === undefined && unready !== undefined ? [unready] : [];
  const error = last(eventsOf(history, 'error'));
  const whole = isWhole(history);
  // A record that just ends, or that nobody closed, comes from a run that was killed. Nothing in it decides a verdict.
  const aborted = last(eventsOf(history, 'aborted'));
  const ended = [unready, error, aborted].some((event) => event !== undefined);
  const open = history.seal === 'open';
  const cut = (whole && !open) || ended ? undefined : 'killed';
  const interrupted = last(eventsOf(history, 'interrupted'))?.by ?? cut;
  const left = leftBehind(history);
  const checks = notReady === undefined ? evaluate(history, catalogue.checks) : [];
  const ineffective = faults
    .filter((f) => f.effective !== 'effective')
    .map((f) => ({
      code: 'CHAOS_FAULT_UNPROVEN',
      message: `${f.id} was not shown to bite (${f.effective}): ${f.evidence}`,
    }));
  const invalid = [
    ...cutShort.map(({ code, message }) => ({ code, message })),
    ...(notReady === undefined && whole ? [...invalidities(history, catalogue.checks), ...ineffective] : []),
  ];
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
    : (error?.message ?? notReady?.message ?? interruption(interrupted, whole && open) ?? aborted?.message);
  return { ...verdict, checks, faults, invalid, residue: left.residue, restored, reason };
}

function interruption(by: string | undefined, unclosed: boolean): string | undefined {
  if (by !== 'killed') return by === undefined ? undefined : `interrupted by ${by}`;
  return unclosed
    ? 'the record was never closed: the harness was killed before it could, or seal.json is gone'
    : 'the harness was killed';
}

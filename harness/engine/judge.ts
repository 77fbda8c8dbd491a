import type { Check } from '../core/check.ts';
import type { CheckResult } from '../core/check-result.ts';
import { describeError } from '../core/errors.ts';
import type { Invalidity } from '../core/events.ts';
import type { Evidence, Fault } from '../core/fault.ts';
import { eventsOf, type History } from '../core/history.ts';
import { lastPhase } from '../core/plan.ts';
import type { Residue } from '../core/topology.ts';
import { judgeRun, type RunVerdict } from '../core/verdict.ts';
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

/** Evaluates every hypothesis; a check that throws is INCONCLUSIVE with its reason, never a crash and never a PASS. */
export function evaluate(history: History, checks: readonly Check[]): CheckResult[] {
  return history.plan.hypotheses.flatMap(({ check: name, params, line }) => {
    const check = checks.find((c) => c.name === name);
    const unknown = (observed: string): CheckResult[] => [
      { name, verdict: 'INCONCLUSIVE', expected: JSON.stringify(params), observed, samples: 0, during: [], line },
    ];
    if (check === undefined) return unknown(`this version has no check "${name}"`);
    try {
      return check.evaluate(history, params).map((result) => ({ ...result, line }));
    } catch (error) {
      return unknown(`the check failed: ${describeError(error)}`);
    }
  });
}

function prove(history: History, catalogue: readonly Fault[]): (Evidence & { id: string })[] {
  const injected = history.faults.map((record) => {
    const fault = catalogue.find((f) => f.name === record.fault);
    const evidence: Evidence =
      fault === undefined
        ? { effective: 'inconclusive', evidence: `this version has no fault "${record.fault}"` }
        : fault.prove(record, record.params);
    return { id: record.id, ...evidence };
  });
  const seen = new Set(injected.map((f) => f.id));
  const never = history.plan.faults.filter((f) => !seen.has(f.id));
  return [
    ...injected,
    ...never.map(({ id }) => ({ id, effective: 'inconclusive' as const, evidence: 'never injected' })),
  ];
}

/** The verdict of a run: a pure function of its record, the same today and in years. */
export function judge(history: History, catalogue: Catalogue): Judgement {
  const last = <T>(list: readonly T[]): T | undefined => list.at(-1);
  const faults = prove(history, catalogue.faults);
  const notReady = last(eventsOf(history, 'not-ready'));
  const error = last(eventsOf(history, 'error'));
  const interrupted = last(eventsOf(history, 'interrupted'));
  const left = last(eventsOf(history, 'residue'));
  const reachedEnd = history.windows.some((w) => w.phase === lastPhase(history.plan));
  const checks = notReady === undefined ? evaluate(history, catalogue.checks) : [];
  const ineffective = faults
    .filter((f) => f.effective !== 'effective')
    .map((f) => ({
      code: 'CHAOS_FAULT_UNPROVEN',
      message: `${f.id} was not shown to bite (${f.effective}): ${f.evidence}`,
    }));
  const invalid = notReady === undefined && reachedEnd ? [...invalidities(history), ...ineffective] : [];
  const restored = left === undefined || (left.residue.length === 0 && left.healthy);
  const verdict = judgeRun({
    restored,
    error: error !== undefined,
    interrupted: interrupted?.by,
    aborted: false,
    notReady: notReady !== undefined,
    invalid: invalid.length > 0,
    checks: checks.map((c) => c.verdict),
  });
  const reason = !restored
    ? 'the system was not put back'
    : (error?.message ?? notReady?.message ?? interruption(interrupted?.by));
  return { ...verdict, checks, faults, invalid, residue: left?.residue ?? [], restored, reason };
}

const interruption = (by: string | undefined): string | undefined =>
  by === undefined ? undefined : by === 'killed' ? 'the harness was killed' : `interrupted by ${by}`;

import type { CheckResult } from '../../core/kinds/check-result.ts';
import type { RunDocument } from '../../core/record/run.ts';
import type { Verdict } from '../../core/verdict.ts';
import { plural } from './figures.ts';

/** A sign beside each colour, for readers who do not see the colour. */
export const VERDICT_SIGN: Readonly<Record<Verdict, string>> = {
  PASS: '✓',
  FAIL: '✗',
  INCONCLUSIVE: '?',
  ABORTED: '■',
  'NOT READY': '○',
  'NOT RESTORED': '!',
  ERROR: '!',
  INTERRUPTED: '■',
};

/** "latency p95 (fault)": names a result by its check and phases. Usually unique within a run. */
export const resultName = ({ name, during }: Pick<CheckResult, 'name' | 'during'>): string =>
  during.length === 0 ? name : `${name} (${during.join(', ')})`;

/** Sorts failed results first, then inconclusive results, then results that held. */
export function byUrgency(checks: readonly CheckResult[]): CheckResult[] {
  const order = ['FAIL', 'INCONCLUSIVE', 'PASS'];
  return [...checks].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** Returns whether the run changed the system: a fault was in force, or a controller scaled something. */
export const wasChanged = ({ faults, scaling = [] }: RunDocument): boolean =>
  faults.some((f) => f.injected !== null) || scaling.some(({ ups, downs }) => ups + downs > 0);

/** What is said of a system that is as it was: "system restored", "nothing was broken". */
export function restoredText(document: RunDocument): string {
  if (wasChanged(document)) return 'system restored';
  return wasUntouched(document) ? 'nothing was broken' : 'no fault was in force, nothing is left';
}

/** A fault that failed or was cut short while it came into force may have done a part of what it does. */
const wasUntouched = ({ verdict, faults }: RunDocument): boolean => verdict === 'NOT READY' || faults.length === 0;

/** Returns the run's outcome in one to three plain sentences, computed from the record. */
export function headline(document: RunDocument): string {
  const { verdict, residue, reason, checks, faults } = document;
  const putBack = putBackInWords(document);
  switch (verdict) {
    case 'NOT RESTORED': {
      const left = residue.map((r) => `${r.kind} ${r.target}`).join('; ');
      return `The system was not put back: ${left || (reason ?? 'it is not healthy')}. A person must repair it now.`;
    }
    case 'ERROR':
      return `The harness itself failed: ${sentence(reason ?? 'for an unknown reason')} ${putBack}`;
    case 'INTERRUPTED':
      return `The run ended early: ${sentence(reason ?? 'it was interrupted')} ${putBack}`;
    case 'ABORTED':
      return `The run was aborted: ${sentence(reason ?? 'it went too far')} ${putBack}`;
    case 'NOT READY':
      return `No fault was injected: ${sentence(reason ?? 'the system was not ready')}`;
    case 'INCONCLUSIVE':
      return inconclusive(document);
    case 'FAIL': {
      const failed = checks.filter((c) => c.verdict === 'FAIL');
      const [first] = failed;
      const example =
        first === undefined ? '' : ` ${capital(resultName(first))}: ${first.observed}, expected ${first.expected}.`;
      return `${failed.length} of ${plural(checks.length, 'result')} did not hold.${example}`;
    }
    case 'PASS': {
      const bitten =
        faults.length === 0
          ? ''
          : faults.length === 1
            ? ' The fault was shown to bite.'
            : ` All ${faults.length} faults were shown to bite.`;
      const all = checks.length === 1 ? 'The hypothesis held' : `All ${checks.length} results held`;
      return `${all}.${bitten} ${putBack}`;
    }
  }
}

function putBackInWords(document: RunDocument): string {
  if (!wasChanged(document))
    return wasUntouched(document)
      ? 'Nothing was broken.'
      : 'No fault came into force as a whole, and nothing is left of any.';
  if (document.found.length === 0) return 'Everything was put back.';
  return 'Everything was put back, a part of it only after an audit had found it.';
}

function inconclusive({ checks, invalid }: RunDocument): string {
  const [first] = invalid;
  if (first !== undefined) return `This run proves nothing: ${sentence(first.message)}`;
  const open = checks.filter((c) => c.verdict === 'INCONCLUSIVE');
  const [example] = open;
  if (example === undefined) return 'This run proves nothing: it has no hypotheses.';
  const held = checks.length - open.length;
  return `${held} of ${plural(checks.length, 'result')} held; too little was seen to judge the rest. ${capital(resultName(example))}: ${sentence(example.observed)}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

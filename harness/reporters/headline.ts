import type { CheckResult } from '../core/check-result.ts';
import type { RunDocument } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import { plural } from './figures.ts';

/** Beside each colour a sign: nothing is told by colour alone. */
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

/** "latency p95 (fault)": a result by name and phases, unique within a run as a rule. */
export const resultName = ({ name, during }: Pick<CheckResult, 'name' | 'during'>): string =>
  during.length === 0 ? name : `${name} (${during.join(', ')})`;

/** Failed first, then inconclusive ones, then those that held. */
export function byUrgency(checks: readonly CheckResult[]): CheckResult[] {
  const order = ['FAIL', 'INCONCLUSIVE', 'PASS'];
  return [...checks].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** Whether any fault was ever in force. */
export const wasBroken = ({ faults }: RunDocument): boolean => faults.some((f) => f.injected !== null);

/** What came of it, in one or two plain sentences, computed from the record. */
export function headline(document: RunDocument): string {
  const { verdict, residue, reason, checks, faults } = document;
  const put = wasBroken(document) ? 'Everything was put back.' : 'Nothing was broken.';
  switch (verdict) {
    case 'NOT RESTORED': {
      const left = residue.map((r) => `${r.kind} ${r.target}`).join('; ');
      return `The system was not put back: ${left || (reason ?? 'it is not well')}. Somebody must look at it now.`;
    }
    case 'ERROR':
      return `The harness itself failed: ${sentence(reason ?? 'for an unknown reason')} ${put}`;
    case 'INTERRUPTED':
      return `The run was ended before its time: ${sentence(reason ?? 'it was interrupted')} ${put}`;
    case 'ABORTED':
      return `The run was aborted: ${sentence(reason ?? 'it went too far')} ${put}`;
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
      const bit =
        faults.length === 0
          ? ''
          : faults.length === 1
            ? ' The fault was shown to bite.'
            : ` All ${faults.length} faults were shown to bite.`;
      const all = checks.length === 1 ? 'The hypothesis held' : `All ${checks.length} results held`;
      return `${all}.${bit} ${put}`;
    }
  }
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

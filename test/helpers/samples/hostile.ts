import type { JudgedRun } from '../../../harness/core/record/run.ts';
import { sampleRun } from './run.ts';

/**
 * Text that does harm wherever it is not escaped. It has markup, and it ends a script, a table cell, a shell word and a
 * line.
 */
export const HOSTILE = `"><script>alert(1)</script><!-- ]]> & | \`$(id)\` 'x' \u0007\u001b[31m\ud800\n# more`;

/** A run in which every text that comes from outside is hostile. */
export function hostileRun(): JudgedRun {
  const { document, history } = sampleRun();
  const checks = document.checks.map((c) => ({
    ...c,
    name: `${c.name} ${HOSTILE}`,
    expected: HOSTILE,
    observed: HOSTILE,
  }));
  const faults = document.faults.map((f) => ({ ...f, target: HOSTILE, evidence: HOSTILE }));
  const residue = [{ kind: HOSTILE, target: HOSTILE, how_to_undo: HOSTILE }];
  const environment = { ...document.environment, command: `chaos run ${HOSTILE}` };
  const events = history.events.map((e) => (e.kind === 'note' ? { ...e, message: HOSTILE } : e));
  return {
    document: {
      ...document,
      verdict: 'NOT RESTORED',
      restored: false,
      title: HOSTILE,
      checks,
      faults,
      residue,
      found: [{ ...residue[0]!, target: `found ${HOSTILE}`, since: 'at the end of the run', repaired_by: 'the audit' }],
      environment,
      invalid: [{ code: HOSTILE, message: HOSTILE }],
    },
    history: { ...history, events, plan: { ...history.plan, title: HOSTILE, file: HOSTILE, overrides: [HOSTILE] } },
  };
}

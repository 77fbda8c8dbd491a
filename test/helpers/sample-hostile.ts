import type { JudgedRun } from '../../harness/core/run.ts';
import { sampleRun } from './sample-run.ts';

/** Text that acts wherever it is not escaped: markup, an end of a script, of a table cell, of a shell word, of a line. */
export const HOSTILE = `"><script>alert(1)</script><!-- ]]> & | \`$(id)\` 'x' \u0007\u001b[31m\ud800\n# more`;

/** A run whose every text from outside is hostile. */
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
      environment,
      invalid: [{ code: HOSTILE, message: HOSTILE }],
    },
    history: { ...history, events, plan: { ...history.plan, title: HOSTILE, file: HOSTILE, overrides: [HOSTILE] } },
  };
}

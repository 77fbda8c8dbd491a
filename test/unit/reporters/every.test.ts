import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import { reporters } from '../../../harness/reporters/index.ts';
import { hostileRun } from '../../helpers/samples/hostile.ts';
import { interruptedRun, notReadyRun, PLANTED_PASSWORD, sampleRun } from '../../helpers/samples/run.ts';
import { scaledRun } from '../../helpers/samples/scaled-run.ts';

const leaky = `password=${PLANTED_PASSWORD} and postgres://wedsync:${PLANTED_PASSWORD}@db/wedsync`;

/** A run with a password in every one of its texts. */
function leakyRun(): JudgedRun {
  const { document, history } = sampleRun({ lost: 1 });
  return {
    document: {
      ...document,
      title: leaky,
      reason: leaky,
      checks: document.checks.map((c) => ({ ...c, observed: leaky })),
      faults: document.faults.map((f) => ({ ...f, evidence: leaky })),
      residue: [{ kind: 'toxic', target: leaky, how_to_undo: `curl ${leaky}` }],
      invalid: [{ code: 'CHAOS_X', message: leaky }],
    },
    history: { ...history, events: history.events.map((e) => (e.kind === 'note' ? { ...e, message: leaky } : e)) },
  };
}

const RUNS: Readonly<Record<string, () => JudgedRun>> = {
  'a whole run': () => sampleRun(),
  'a run that lost writes': () => sampleRun({ lost: 3, outageS: 20 }),
  'an interrupted run': interruptedRun,
  'a run that was not ready': notReadyRun,
  'a run whose texts are hostile': hostileRun,
  'a run with secrets in its texts': leakyRun,
  'a run through a surge': () => scaledRun(),
};

describe('the reporter that writes', () => {
  for (const reporter of reporters) {
    describe(reporter.file, () => {
      for (const [name, run] of Object.entries(RUNS)) {
        it(`renders ${name} in the same way each time, without a secret`, () => {
          const judged = run();
          const text = reporter.render(judged);
          expect(text, 'the verdict of the run itself').to.include(judged.document.verdict);
          expect(text).to.equal(reporter.render(run()));
          expect(text.includes(PLANTED_PASSWORD), 'the planted password').to.equal(false);
          const told = text.replaceAll(/<(script|style)>[^]*?<\/\1>/g, '');
          expect(told).not.to.match(/\bundefined\b(?!")|\bNaN\b|\[object /);
        });

        it(`renders ${name} without a control character (case C13)`, () => {
          // A script that runs the experiment again must name its file with the bytes of its name.
          const text = reporter.render(run()).replace(/^exec [^]*/m, '');
          // oxlint-disable-next-line no-control-regex -- this test is about control characters
          expect(text.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u)).to.equal(null);
        });
      }
    });
  }
});

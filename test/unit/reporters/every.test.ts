import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../harness/core/run.ts';
import { reporters } from '../../../harness/reporters/index.ts';
import { hostileRun } from '../../helpers/sample-hostile.ts';
import { interruptedRun, notReadyRun, PLANTED_PASSWORD, sampleRun } from '../../helpers/sample-run.ts';

const leaky = `password=${PLANTED_PASSWORD} and postgres://wedsync:${PLANTED_PASSWORD}@db/wedsync`;

/** A run in which a password has slipped into every text that a run has. */
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
};

describe('every reporter', () => {
  for (const reporter of reporters) {
    describe(reporter.file, () => {
      for (const [name, run] of Object.entries(RUNS)) {
        it(`renders ${name}, the same each time, without a secret`, () => {
          const text = reporter.render(run());
          expect(text.length).to.be.greaterThan(100);
          expect(text).to.equal(reporter.render(run()));
          expect(text.includes(PLANTED_PASSWORD), 'the planted password').to.equal(false);
          const told = text.replaceAll(/<(script|style)>[^]*?<\/\1>/g, '');
          expect(told).not.to.match(/\bundefined\b(?!")|\bNaN\b|\[object /);
        });
      }
    });
  }
});

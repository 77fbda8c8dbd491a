import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checks } from '../../../harness/checks/index.ts';
import { assertSteady } from '../../../harness/run/steady.ts';
import { faults } from '../../../harness/faults/index.ts';
import { temporaryFolder, writeEvents, writeSamples } from '../../helpers/samples/folder.ts';
import { sampleHistory, sampleRows, type SampleRows, SMALL_PLAN } from '../../helpers/samples/history.ts';

/** Checks a run that is about to inject its fault, with these requests. Returns the error, or undefined for none. */
function steady(...rows: readonly SampleRows[]): unknown {
  const dir = temporaryFolder();
  writeEvents(dir, sampleHistory({ phases: ['warmup', 'baseline'] }).events);
  writeSamples(dir, SMALL_PLAN.load.workload, sampleRows(...rows));
  try {
    return assertSteady(dir, { faults, checks });
  } catch (error) {
    return error;
  }
}

describe('the steady state before the fault', () => {
  it('holds when the baseline is sound', () => {
    expect(steady({ phase: 'baseline', count: 2_000 })).to.equal(undefined);
  });

  it('holds when the baseline cannot settle a hypothesis, because only a shown violation stops a run', () => {
    expect(steady({ phase: 'baseline', count: 20 })).to.equal(undefined);
  });

  it('does not hold when no request was answered', () => {
    const dead = steady({ phase: 'baseline', count: 20, outcome: 'refused' });
    expect(dead).to.include({ code: 'CHAOS_NOT_STEADY', exit: 'not-ready' });
    expect(dead).to.have.property('message').that.includes('no request was answered');
    expect(steady()).to.include({ code: 'CHAOS_NOT_STEADY' });
    expect(steady({ phase: 'baseline', count: 50, source: 'pressure' }), 'only the pressure').to.include({
      code: 'CHAOS_NOT_STEADY',
    });
  });

  it('does not hold when the baseline already violates a hypothesis', () => {
    const slow = steady({ phase: 'baseline', count: 2_000, ms: 900 });
    expect(slow)
      .to.have.property('message')
      .that.matches(/latency p95: expected p95 < 200 ms, observed 900 ms/);
    const failing = steady(
      { phase: 'baseline', count: 1_900 },
      { phase: 'baseline', count: 100, outcome: 'http_error' },
    );
    expect(failing)
      .to.have.property('message')
      .that.matches(/errors: expected errors < 0.1 %, observed 100 of 2000 failed/);
  });
});

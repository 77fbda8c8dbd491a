import { expect } from 'chai';
import { describe, it } from 'mocha';
import { baseRuns, namesRuns } from '../../../../../harness/modes/compare/gate/base.ts';
import type { TrendRun } from '../../../../../harness/core/trend/trend.ts';
import { nightOf, nightRun } from '../../../../helpers/samples/history-of-runs.ts';
import { sampleEnvironment } from '../../../../helpers/samples/plan.ts';

const ofCommit = (night: number, commit: string): TrendRun =>
  nightRun(night, { p95: 100, over: { environment: { ...sampleEnvironment, commit } } });

const RUNS = [
  ofCommit(0, 'c0ffee1'),
  ofCommit(1, 'c0ffee1'),
  nightRun(2, { p95: 100, verdict: 'FAIL' }),
  nightRun(3, { p95: 100, experiment: 'other' }),
  nightRun(4, { p95: 100, over: { invalid: [{ code: 'CHAOS_CPU_STOLEN', message: '' }] } }),
  nightRun(5, { p95: 100 }),
  nightRun(6, { p95: 100 }),
];
const now = RUNS[5]!;
const found = (base: string): string[] => baseRuns(base, now, RUNS).map(({ run }) => run);

describe('the base of a gate', () => {
  it('is the last good run of the experiment before the run, or every run of a commit', () => {
    expect(found('last-good')).to.deep.equal([nightOf(1)]);
    expect(found('commit:c0ff')).to.deep.equal([nightOf(0), nightOf(1)]);
    expect(found('commit:c0ffee10d15ea5e')).to.deep.equal([nightOf(0), nightOf(1)]);
    expect(['last-good', 'commit:c0ff', 'c0ff'].map(namesRuns)).to.deep.equal([true, true, false]);
  });

  it('is refused when there is none, and when a commit is too short', () => {
    const refusal = (base: string, of = now): unknown => {
      try {
        return baseRuns(base, of, RUNS);
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(refusal('commit:beef')).to.equal('CHAOS_NO_RUN');
    expect(refusal('last-good', RUNS[0])).to.equal('CHAOS_NO_RUN');
    expect(refusal('commit:c0f')).to.equal('CHAOS_USAGE');
  });
});

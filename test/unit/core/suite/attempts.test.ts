import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asksAgain, entryVerdict, judgeControl, passedShare } from '../../../../harness/core/suite/attempts.ts';
import type { CheckResult } from '../../../../harness/core/kinds/check-result.ts';
import { type Verdict, WORST_FIRST } from '../../../../harness/core/verdict.ts';

const of = (...verdicts: Verdict[]): { verdict: Verdict }[] => verdicts.map((verdict) => ({ verdict }));
const check = (name: string, verdict: CheckResult['verdict']): CheckResult => ({
  name,
  verdict,
  expected: '',
  observed: '',
  samples: 1,
  during: [],
});

describe('the verdict of an experiment over its attempts', () => {
  const cases: readonly (readonly [string, Verdict[], string | undefined])[] = [
    ['passed at once', ['PASS'], 'PASS'],
    ['failed each time', ['FAIL', 'FAIL', 'FAIL'], 'FAIL'],
    ['failed, then passed', ['FAIL', 'PASS'], 'unstable'],
    ['proved nothing, then passed', ['INCONCLUSIVE', 'PASS'], 'unstable'],
    ['proved nothing, then failed', ['INCONCLUSIVE', 'FAIL'], 'FAIL'],
    ['failed, then proved nothing', ['FAIL', 'INCONCLUSIVE'], 'FAIL'],
    ['was not restored after a PASS', ['FAIL', 'PASS', 'NOT RESTORED'], 'NOT RESTORED'],
    ['has no attempt', [], undefined],
  ];
  for (const [name, verdicts, expected] of cases)
    it(`is ${expected ?? 'unknown'} when it ${name}`, () => {
      expect(entryVerdict(of(...verdicts))).to.equal(expected);
    });

  it('is never PASS when one attempt was not', () => {
    const others = WORST_FIRST.filter((verdict) => verdict !== 'PASS');
    for (const other of others)
      for (const verdicts of [of(other, 'PASS'), of('PASS', other), of('PASS', other, 'PASS')])
        expect(entryVerdict(verdicts), JSON.stringify(verdicts)).not.to.equal('PASS');
  });

  it('comes with the share that passed and its interval', () => {
    const { passed, of: all, share } = passedShare(of('FAIL', 'PASS', 'FAIL'));
    expect([passed, all]).to.deep.equal([1, 3]);
    // Clopper and Pearson, 95 % two-sided, 1 of 3.
    expect(share.lower).to.be.closeTo(0.0084, 0.0001);
    expect(share.upper).to.be.closeTo(0.9057, 0.0001);
  });
});

describe('asking again', () => {
  it('asks once without `again`, whatever comes', () => {
    expect(asksAgain([], 0)).to.equal(true);
    expect(asksAgain(of('FAIL'), 0)).to.equal(false);
  });

  it('asks again what failed or proved nothing, as often as it may, and never what passed', () => {
    expect(asksAgain(of('FAIL'), 2)).to.equal(true);
    expect(asksAgain(of('INCONCLUSIVE', 'FAIL'), 2)).to.equal(true);
    expect(asksAgain(of('FAIL', 'FAIL', 'FAIL'), 2)).to.equal(false);
    expect(asksAgain(of('FAIL', 'PASS'), 2)).to.equal(false);
  });

  it('does not ask again after what another run cannot mend', () => {
    for (const verdict of ['NOT RESTORED', 'ERROR', 'INTERRUPTED'] as const)
      expect(asksAgain(of(verdict), 2), verdict).to.equal(false);
  });
});

describe('a control', () => {
  const expected = { check: 'latency' };
  it('is sound when it fails by its own check, also beside others', () => {
    const checks = [check('errors', 'FAIL'), check('latency p95', 'FAIL')];
    expect(judgeControl(expected, { verdict: 'FAIL', checks }).verdict).to.equal('PASS');
  });

  it('fails when its run passes, and when it fails by another check', () => {
    expect(judgeControl(expected, { verdict: 'PASS', checks: [check('latency p95', 'PASS')] })).to.deep.equal({
      verdict: 'FAIL',
      reason: 'the run passed, so the defect was not noticed',
    });
    const other = judgeControl(expected, { verdict: 'FAIL', checks: [check('errors', 'FAIL')] });
    expect(other).to.deep.equal({ verdict: 'FAIL', reason: 'it failed by "errors", not by "latency"' });
  });

  it('proves nothing when its run proves nothing', () => {
    expect(judgeControl(expected, { verdict: 'INCONCLUSIVE', checks: [] }).verdict).to.equal('INCONCLUSIVE');
  });
});

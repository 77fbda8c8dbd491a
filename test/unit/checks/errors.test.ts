import { expect } from 'chai';
import { describe, it } from 'mocha';
import errors from '../../../harness/checks/errors.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import { OUTCOMES } from '../../../harness/core/load/load.ts';
import { sampleHistory, sampleRows, type SampleRows } from '../../helpers/samples/history.ts';

const params = (text: object): Parameters<typeof errors.evaluate>[1] => errors.params.parse(text);
const one = (rows: readonly SampleRows[], text: object = { below: '0.1%', during: ['fault'] }): CheckResult => {
  const [result, ...more] = errors.evaluate(sampleHistory({ rows: sampleRows(...rows) }), params(text));
  if (result === undefined || more.length > 0) throw new Error('one result is expected');
  return result;
};

describe('the check of errors', () => {
  it('passes at a limit of 0.1 % with 0 errors in 2,995 requests, and is INCONCLUSIVE with 0 in 2,994', () => {
    const enough = one([{ phase: 'fault', count: 2_995 }]);
    expect(enough).to.include({ verdict: 'PASS', samples: 2_995, expected: 'errors < 0.1 %', name: 'errors' });
    expect(enough.observed).to.equal(
      '0 of 2995 failed (at most 0.100 % with 95 % confidence; if failures come one by one)',
    );
    expect(enough.figure).to.deep.equal({ value: 0, unit: 'share', worse: 'more' });
    expect(one([{ phase: 'fault', count: 2_994 }]).verdict).to.equal('INCONCLUSIVE');
    expect(one([])).not.to.have.property('figure');
    const half = [
      { phase: 'fault', count: 50 },
      { phase: 'fault', count: 50, outcome: 'http_error' },
    ] as const;
    expect(one(half).figure?.value, 'percent').to.equal(50);
  });

  it('fails only when the lower bound of the share is above the limit', () => {
    const of = (failed: number): string =>
      one([
        { phase: 'fault', count: 10_000 - failed },
        { phase: 'fault', count: failed, outcome: 'http_error' },
      ]).verdict;
    // Exact bounds (Clopper-Pearson) for 10,000 requests. Upper bounds: 0.0915 % for 4 errors, 0.105 % for 5. Lower
    // bounds: 0.092 % for 15 errors, 0.1087 % for 17.
    expect([4, 5, 10, 15, 17].map(of)).to.deep.equal(['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE', 'INCONCLUSIVE', 'FAIL']);
  });

  it('says up to which length a PASS excludes bursts, and takes a burst as one failure (case V3)', () => {
    expect(one([{ phase: 'fault', count: 16_680 }]).observed).to.equal(
      '0 of 16680 failed (at most 0.018 % with 95 % confidence; below 0.1 % also if failures come in bursts of up to 5)',
    );
    const failed = (count: number, from: number, until: number): CheckResult =>
      one([
        { phase: 'fault', count: 16_680 - count },
        { phase: 'fault', count, from, until, outcome: 'http_error' },
      ]);
    // One burst in 16,680 requests; and the same failures, spread over the phase of 30 s.
    const burst = failed(8, 15_000, 15_010);
    expect(burst.verdict).to.equal('INCONCLUSIVE');
    expect(burst.observed).to.match(
      /^8 of 16680 failed \(at most 0\.2\d\d % .*; failures came together, as in bursts of 8\)/,
    );
    expect(failed(8, 0, 30_000).verdict).to.equal('PASS');
  });

  it('is INCONCLUSIVE without a request, and for a phase that never came', () => {
    expect(one([])).to.include({ verdict: 'INCONCLUSIVE', samples: 0, observed: 'no request ended' });
    const history = sampleHistory({
      phases: ['warmup', 'baseline'],
      rows: sampleRows({ phase: 'fault', count: 5_000 }),
    });
    expect(errors.evaluate(history, params({ below: '0.1%', during: ['fault'] }))[0]?.verdict).to.equal('INCONCLUSIVE');
  });

  it('counts every way of failing, except requests that the generator dropped: they were never sent', () => {
    for (const outcome of OUTCOMES) {
      const { verdict, samples } = one([
        { phase: 'fault', count: 2_995 },
        { phase: 'fault', count: 100, outcome },
      ]);
      if (outcome === 'dropped') expect({ verdict, samples }).to.deep.equal({ verdict: 'PASS', samples: 2_995 });
      else
        expect({ outcome, verdict, samples }).to.deep.equal({
          outcome,
          verdict: outcome === 'ok' ? 'PASS' : 'FAIL',
          samples: 3_095,
        });
    }
  });

  it('says how requests failed, the most frequent way first, and how many were dropped', () => {
    const { observed } = one([
      { phase: 'fault', count: 3, outcome: 'timeout' },
      { phase: 'fault', count: 5, outcome: 'http_error' },
      { phase: 'fault', count: 7, outcome: 'dropped' },
    ]);
    expect(observed).to.include('; http_error 5, timeout 3; 7 more were dropped by the generator');
  });

  it('fails when the server dies in the middle of a phase, whatever it answered before', () => {
    const result = one([
      { phase: 'fault', count: 2_000, until: 15_000 },
      { phase: 'fault', count: 2_000, from: 15_000, outcome: 'refused' },
    ]);
    expect(result.verdict).to.equal('FAIL');
    expect(result.observed).to.include('2000 of 4000 failed (at least 33.9 %');
  });

  it('judges each phase alone, reads and writes apart, and never the pressure users', () => {
    const rows = sampleRows(
      { phase: 'baseline', count: 3_000 },
      { phase: 'fault', count: 3_000 },
      { phase: 'fault', count: 50, endpoint: 'POST /api/payments/process', outcome: 'http_error' },
      { phase: 'fault', count: 5_000, source: 'pressure', outcome: 'http_error' },
    );
    const history = sampleHistory({ rows });
    const verdicts = (text: object): string[] =>
      errors.evaluate(history, params(text)).map((r) => `${r.name} ${r.during.join()} ${r.verdict} ${r.samples}`);
    expect(verdicts({ below: '0.1%', during: ['baseline', 'fault'] })).to.deep.equal([
      'errors baseline PASS 3000',
      'errors fault FAIL 3050',
    ]);
    expect(verdicts({ below: '0.1%', of: 'reads', during: ['fault'] })).to.deep.equal([
      'errors of reads fault PASS 3000',
    ]);
    expect(verdicts({ below: '0.1%', of: 'writes', during: ['fault'] })).to.deep.equal([
      'errors of writes fault FAIL 50',
    ]);
    expect(verdicts({ below: '0.1%', of: 'GET /api/clients', during: ['fault'] })).to.deep.equal([
      'errors of GET /api/clients fault INCONCLUSIVE 0',
    ]);
  });

  it('refuses a limit that no run can prove, and a limit without meaning', () => {
    for (const below of ['0%', '100%', '1', 0.001, '-1%'])
      expect(errors.params.safeParse({ below }).success, String(below)).to.equal(false);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import errors from '../../../harness/checks/errors.ts';
import type { CheckResult } from '../../../harness/core/check-result.ts';
import { OUTCOMES } from '../../../harness/core/load/load.ts';
import { sampleHistory, sampleRows, type SampleRows } from '../../helpers/sample-history.ts';

const params = (text: object): Parameters<typeof errors.evaluate>[1] => errors.params.parse(text);
const one = (rows: readonly SampleRows[], text: object = { below: '0.1%', during: ['fault'] }): CheckResult => {
  const [result, ...more] = errors.evaluate(sampleHistory({ rows: sampleRows(...rows) }), params(text));
  if (result === undefined || more.length > 0) throw new Error('one result is expected');
  return result;
};

describe('errors', () => {
  it('0 of 2,995 settles 0.1 %, and 0 of 2,994 does not', () => {
    const enough = one([{ phase: 'fault', count: 2_995 }]);
    expect(enough).to.include({ verdict: 'PASS', samples: 2_995, expected: 'errors < 0.1 %', name: 'errors' });
    expect(enough.observed).to.equal('0 of 2995 failed (at most 0.100 % with 95 % confidence)');
    expect(one([{ phase: 'fault', count: 2_994 }]).verdict).to.equal('INCONCLUSIVE');
  });

  it('a share above the limit is a FAIL only when its lower bound is', () => {
    const of = (failed: number): string =>
      one([
        { phase: 'fault', count: 10_000 - failed },
        { phase: 'fault', count: failed, outcome: 'http_error' },
      ]).verdict;
    // Exact bounds (Clopper-Pearson) of 10,000: 4 are at most 0.0915 %, 5 at most 0.105 %; 15 at least 0.092 %, 17 at least 0.1087 %.
    expect([4, 5, 10, 15, 17].map(of)).to.deep.equal(['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE', 'INCONCLUSIVE', 'FAIL']);
  });

  it('no request at all is INCONCLUSIVE, and so is a phase that never came', () => {
    expect(one([])).to.include({ verdict: 'INCONCLUSIVE', samples: 0, observed: 'not one request' });
    const history = sampleHistory({
      phases: ['warmup', 'baseline'],
      rows: sampleRows({ phase: 'fault', count: 5_000 }),
    });
    expect(errors.evaluate(history, params({ below: '0.1%', during: ['fault'] }))[0]?.verdict).to.equal('INCONCLUSIVE');
  });

  it('every way of failing counts but one: what the generator dropped was never asked', () => {
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

  it('tells how requests failed, the commonest first, and of dropped ones', () => {
    const { observed } = one([
      { phase: 'fault', count: 3, outcome: 'timeout' },
      { phase: 'fault', count: 5, outcome: 'http_error' },
      { phase: 'fault', count: 7, outcome: 'dropped' },
    ]);
    expect(observed).to.include('; http_error 5, timeout 3; 7 more were dropped by the generator');
  });

  it('a server dead in the middle is a FAIL, whatever it answered before', () => {
    const result = one([
      { phase: 'fault', count: 2_000, until: 15_000 },
      { phase: 'fault', count: 2_000, from: 15_000, outcome: 'refused' },
    ]);
    expect(result.verdict).to.equal('FAIL');
    expect(result.observed).to.include('2000 of 4000 failed (at least 48.7 %');
  });

  it('judges each phase for itself, reads apart from writes, and never the pressure', () => {
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

  it('refuses a limit that nothing can prove or that means nothing', () => {
    for (const below of ['0%', '100%', '1', 0.001, '-1%'])
      expect(errors.params.safeParse({ below }).success, String(below)).to.equal(false);
  });
});

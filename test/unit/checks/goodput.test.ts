import { expect } from 'chai';
import { describe, it } from 'mocha';
import goodput from '../../../harness/checks/goodput.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import { sampleHistory, type SampleRows, sampleRows } from '../../helpers/samples/history.ts';

const params = (text: object): Parameters<typeof goodput.evaluate>[1] => goodput.params.parse(text);
/** The only result about the fault phase, which lasts 30 s. */
const one = (rows: readonly SampleRows[], text: object = {}): CheckResult => {
  const history = sampleHistory({ rows: sampleRows(...rows) });
  const [result, ...more] = goodput.evaluate(history, params({ above: 200, during: ['fault'], ...text }));
  if (result === undefined || more.length > 0) throw new Error('one result is expected');
  return result;
};

describe('the check of goodput', () => {
  it('passes when the lower bound of the good answers per second is above the limit, and fails below it', () => {
    // 9,000 requests in 30 s: 300 a second. The limit of 200 is at 3,000 failures.
    const of = (failed: number): string =>
      one([
        { phase: 'fault', count: 9_000 - failed },
        { phase: 'fault', count: failed, outcome: 'http_error' },
      ]).verdict;
    expect([0, 2_800, 3_000, 3_200].map(of)).to.deep.equal(['PASS', 'PASS', 'INCONCLUSIVE', 'FAIL']);
  });

  it('says how many came each second, of how many, with bounds and the ways of failing', () => {
    const result = one([
      { phase: 'fault', count: 6_000 },
      { phase: 'fault', count: 3_000, outcome: 'timeout' },
    ]);
    expect(result).to.include({ name: 'goodput', expected: 'goodput > 200/s', samples: 9_000 });
    expect(result.observed).to.match(
      /^200\.0\/s of 300\.0\/s offered \(95 % bounds 19\d\.\d to 20\d\.\d\/s\); timeout 3000$/,
    );
    expect(result.figure).to.deep.equal({ value: 200, unit: 'per second', worse: 'less' });
  });

  it('has wider bounds when failures come in one burst', () => {
    const failed = (from: number, until: number): SampleRows[] => [
      { phase: 'fault', count: 6_400 },
      { phase: 'fault', count: 2_600, from, until, outcome: 'refused' },
    ];
    expect(one(failed(0, 30_000)).verdict).to.equal('PASS');
    expect(one(failed(10_000, 15_000)).verdict).to.equal('INCONCLUSIVE');
  });

  it('is INCONCLUSIVE without a request, with fewer than 100, and for a phase that never came', () => {
    expect(one([])).to.include({ verdict: 'INCONCLUSIVE', samples: 0 });
    const few = (count: number): CheckResult => one([{ phase: 'fault', count }], { above: 1 });
    expect(few(99)).to.include({ verdict: 'INCONCLUSIVE', observed: 'too few requests for a bound (99)' });
    expect(few(100).verdict).to.equal('PASS');
    const rows = sampleRows({ phase: 'fault', count: 9_000 });
    const history = sampleHistory({ phases: ['warmup', 'baseline'], rows });
    expect(goodput.evaluate(history, params({ above: 200, during: ['fault'] }))[0]?.verdict).to.equal('INCONCLUSIVE');
  });

  it('is INCONCLUSIVE when the load asked for no more than the limit, also when requests failed or were dropped', () => {
    const fine = { phase: 'fault', count: 3_000 } as const;
    for (const more of [
      [],
      [{ ...fine, outcome: 'timeout' }],
      [{ ...fine, count: 9_000, outcome: 'dropped' }],
    ] as const)
      expect(one([fine, ...more])).to.include({ verdict: 'INCONCLUSIVE' });
    expect(one([fine]).observed).to.equal('the load offered only 100.0/s, so more good answers could not come');
  });

  it('judges each phase alone, reads and writes apart, and never the pressure users', () => {
    const history = sampleHistory({
      rows: sampleRows(
        { phase: 'baseline', count: 6_000 },
        { phase: 'recovery', count: 3_000 },
        { phase: 'recovery', count: 3_000, endpoint: 'POST /api/payments/process', outcome: 'http_error' },
        { phase: 'recovery', count: 9_000, source: 'pressure' },
      ),
    });
    const said = (text: object): string[] =>
      goodput.evaluate(history, params(text)).map((r) => `${r.name} ${r.during.join()} ${r.verdict} ${r.samples}`);
    expect(said({ above: 200 })).to.deep.equal(['goodput baseline PASS 6000', 'goodput recovery FAIL 6000']);
    expect(said({ above: 100, of: 'reads', during: ['recovery'] })).to.deep.equal([
      'goodput of reads recovery PASS 3000',
    ]);
    expect(said({ above: 100, of: 'writes', during: ['recovery'] })).to.deep.equal([
      'goodput of writes recovery FAIL 3000',
    ]);
  });

  it('draws its limit in the chart of throughput only when it is about all requests', () => {
    const rows = [{ phase: 'fault', count: 9_000 }] as const;
    expect(one(rows).limit).to.deep.include({ chart: 'throughput', value: 200 });
    expect(one(rows, { of: 'all' }).limit).to.deep.equal(one(rows).limit);
    expect(one(rows, { of: 'reads' }).limit).to.equal(undefined);
  });

  it('refuses a number that every run is above, and a text', () => {
    for (const above of [0, -1, '200', '200/s'])
      expect(goodput.params.safeParse({ above }).success, String(above)).to.equal(false);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import latency from '../../../harness/checks/latency.ts';
import type { CheckResult } from '../../../harness/core/check-result.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import { sampleHistory, sampleRows, type SampleRows } from '../../helpers/sample-history.ts';

const evaluate = (rows: readonly SampleRows[], text: object): readonly CheckResult[] =>
  latency.evaluate(sampleHistory({ rows: sampleRows(...rows) }), latency.params.parse(text));
const verdict = (rows: readonly SampleRows[], text: object = { p95: '200ms', during: ['fault'] }): string =>
  evaluate(rows, text)
    .map((r) => r.verdict)
    .join();

/** Between 50 % and 150 % of a middle, the same for the same seed. */
const around = (middle: number, seed: number): ((i: number) => number) => {
  const random = seededRandom(seed);
  return () => middle * (0.5 + random());
};

describe('latency', () => {
  it('is judged by its bounds: well below, around and well above the limit', () => {
    expect(verdict([{ phase: 'fault', count: 3_000, ms: around(100, 1) }])).to.equal('PASS');
    // The p95 of this spread is 1.45 times the middle: 200 ms at a middle of 138.
    expect(verdict([{ phase: 'fault', count: 3_000, ms: around(138, 2) }])).to.equal('INCONCLUSIVE');
    expect(verdict([{ phase: 'fault', count: 3_000, ms: around(200, 3) }])).to.equal('FAIL');
  });

  it('tells the value and its bounds, and how many requests stand behind it', () => {
    const [result] = evaluate([{ phase: 'fault', count: 3_000, ms: 41 }], { p95: '200ms', during: ['fault'] });
    expect(result).to.deep.equal({
      name: 'latency p95',
      verdict: 'PASS',
      expected: 'p95 < 200 ms',
      observed: '41 ms (95 % bounds 41 ms to 41 ms)',
      samples: 3_000,
      during: ['fault'],
    });
  });

  it('without enough beyond the percentile there is no bound: ten values beyond it are the least', () => {
    expect(verdict([])).to.equal('INCONCLUSIVE');
    expect(verdict([{ phase: 'fault', count: 190, ms: 1 }])).to.equal('INCONCLUSIVE');
    expect(verdict([{ phase: 'fault', count: 210, ms: 1 }])).to.equal('PASS');
    expect(verdict([{ phase: 'fault', count: 210, ms: 1 }], { p99: '200ms', during: ['fault'] })).to.equal(
      'INCONCLUSIVE',
    );
  });

  it('a failed request is as slow as the timeout, however soon it failed', () => {
    const refused: SampleRows = { phase: 'fault', count: 300, outcome: 'refused', ms: 1 };
    expect(verdict([{ phase: 'fault', count: 2_700, ms: 10 }, refused])).to.equal('FAIL');
    const [result] = evaluate(
      [
        { phase: 'fault', count: 0 },
        { ...refused, count: 3_000 },
      ],
      { p50: '200ms', during: ['fault'] },
    );
    expect(result?.observed).to.match(/^2\.0 s /);
  });

  it('a server dead in the middle is not a PASS: the last batches are all timeouts', () => {
    const rows: SampleRows[] = [
      { phase: 'fault', count: 2_700, ms: 10, until: 27_000 },
      { phase: 'fault', count: 300, ms: 5_000, outcome: 'timeout', from: 27_000 },
    ];
    expect(verdict(rows)).to.be.oneOf(['FAIL', 'INCONCLUSIVE']);
    expect(
      verdict([
        { ...rows[0]!, count: 1_500, until: 15_000 },
        { ...rows[1]!, count: 1_500, from: 15_000 },
      ]),
    ).to.be.oneOf(['FAIL', 'INCONCLUSIVE']);
  });

  it('requests that the generator dropped say nothing of the system', () => {
    const [result] = evaluate(
      [
        { phase: 'fault', count: 3_000 },
        { phase: 'fault', count: 900, outcome: 'dropped' },
      ],
      { p95: '200ms', during: ['fault'] },
    );
    expect(result).to.include({ verdict: 'PASS', samples: 3_000 });
  });

  it('gives one result a percentile and phase, in that order', () => {
    const results = evaluate([], { p50: '1s', p99: '2s', of: 'reads', during: ['baseline', 'fault'] });
    expect(results.map((r) => `${r.name} ${r.during.join()}`)).to.deep.equal([
      'latency p50 of reads baseline',
      'latency p50 of reads fault',
      'latency p99 of reads baseline',
      'latency p99 of reads fault',
    ]);
  });

  it('refuses parameters without a percentile', () => {
    expect(latency.params.safeParse({ during: ['fault'] }).success).to.equal(false);
  });
});

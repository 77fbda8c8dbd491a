import { expect } from 'chai';
import { describe, it } from 'mocha';
import latency from '../../../harness/checks/latency.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import { sampleHistory, sampleRows, type SampleRows, SMALL_PLAN } from '../../helpers/samples/history.ts';

const evaluate = (rows: readonly SampleRows[], text: object): readonly CheckResult[] =>
  latency.evaluate(sampleHistory({ rows: sampleRows(...rows) }), latency.params.parse(text));
const verdict = (rows: readonly SampleRows[], text: object = { p95: '200ms', during: ['fault'] }): string =>
  evaluate(rows, text)
    .map((r) => r.verdict)
    .join();

/** Draws latencies between 50 % and 150 % of `middle` milliseconds. The same seed gives the same latencies. */
const around = (middle: number, seed: number): ((i: number) => number) => {
  const random = seededRandom(seed);
  return () => middle * (0.5 + random());
};

describe('the check of latency', () => {
  it('passes, is INCONCLUSIVE or fails when its bounds are below, around or above the limit', () => {
    expect(verdict([{ phase: 'fault', count: 3_000, ms: around(100, 1) }])).to.equal('PASS');
    // The p95 of these latencies is 1.45 times the middle: 200 ms for a middle of 138 ms.
    expect(verdict([{ phase: 'fault', count: 3_000, ms: around(138, 2) }])).to.equal('INCONCLUSIVE');
    expect(verdict([{ phase: 'fault', count: 3_000, ms: around(200, 3) }])).to.equal('FAIL');
  });

  it('gives the value, its bounds and the number of requests', () => {
    const [result] = evaluate([{ phase: 'fault', count: 3_000, ms: 41 }], { p95: '200ms', during: ['fault'] });
    expect(result).to.deep.equal({
      name: 'latency p95',
      verdict: 'PASS',
      expected: 'p95 < 200 ms',
      limit: { chart: 'latency', value: 200, label: 'limit of p95: 200 ms' },
      observed: '41 ms (95 % bounds 41 ms to 41 ms, for slow stretches of up to 51 requests)',
      samples: 3_000,
      during: ['fault'],
      figure: { value: 41, unit: 'duration', worse: 'more' },
    });
  });

  it('is INCONCLUSIVE with fewer than ten values beyond the percentile', () => {
    expect(verdict([])).to.equal('INCONCLUSIVE');
    expect(verdict([{ phase: 'fault', count: 190, ms: 1 }])).to.equal('INCONCLUSIVE');
    expect(verdict([{ phase: 'fault', count: 210, ms: 1 }])).to.equal('PASS');
    expect(verdict([{ phase: 'fault', count: 210, ms: 1 }], { p99: '200ms', during: ['fault'] })).to.equal(
      'INCONCLUSIVE',
    );
  });

  it('counts a failed request as slow as the timeout, however soon it failed', () => {
    const refused: SampleRows = { phase: 'fault', count: 300, outcome: 'refused', ms: 1 };
    expect(verdict([{ phase: 'fault', count: 2_700, ms: 10 }, refused])).to.equal('FAIL');
    const [result] = evaluate(
      [
        { phase: 'fault', count: 0 },
        { ...refused, count: 3_000 },
      ],
      { p50: '200ms', during: ['fault'] },
    );
    expect(result?.observed).to.match(/^2\.0 s, failed requests as slow as the timeout \(95 % bounds /);
  });

  it('does not pass when the server dies in the middle and the last batches are all timeouts', () => {
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

  it('says so when slow requests came in longer stretches than the upper bound holds for (case V10)', () => {
    // 1,800 of 30,000 requests are slow, one after another.
    const rows: SampleRows[] = [
      { phase: 'fault', count: 12_000, ms: around(10, 4), until: 12_000 },
      { phase: 'fault', count: 16_200, ms: around(10, 6), from: 13_800 },
      { phase: 'fault', count: 1_800, ms: around(100, 5), from: 12_000, until: 13_800 },
    ];
    const [result] = evaluate(rows, { p95: '200ms', during: ['fault'] });
    expect(result?.verdict).to.equal('PASS');
    expect(result?.observed).to.match(
      /slow requests came in stretches of about [\d]{3,4}, and the upper bound holds for up to 513\)$/,
    );
  });

  it('names the population of a second under stop_if, which is another one (case V4)', () => {
    const holds = latency.stopIf?.watch({ p95_above: 2_000 }, SMALL_PLAN.topology);
    const second = { kind: 'load', t: 0, p50_ms: 5, p95_ms: 2_500 } as unknown as RunEvent;
    expect(holds?.(second)).to.deep.equal([
      { holds: true, observed: 'in the last second p95 of the answers was 2.5 s' },
    ]);
    expect(latency.stopIf?.describe({ p95_above: 2_000 })).to.equal('latency p95 of answers > 2.0 s');
  });

  it('ignores requests that the generator dropped', () => {
    const [result] = evaluate(
      [
        { phase: 'fault', count: 3_000 },
        { phase: 'fault', count: 900, outcome: 'dropped' },
      ],
      { p95: '200ms', during: ['fault'] },
    );
    expect(result).to.include({ verdict: 'PASS', samples: 3_000 });
  });

  it('gives one result for each percentile and phase, in this order', () => {
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

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { renderTrend, sparkline } from '../../../../harness/reporters/console/trend.ts';
import type { TextSink } from '../../../../harness/core/world.ts';
import type { TrendDocument } from '../../../../harness/core/trend/trend.ts';

const PLAIN: TextSink = { write: () => undefined, isTTY: false, columns: 100, color: false };

describe('sparkline', () => {
  it('has a bar for each value, the lowest for the least and the highest for the most', () => {
    expect(sparkline([0, 7, 3.5])).to.equal('▁█▅');
    expect(sparkline([5, 5])).to.equal('▄▄');
    expect(sparkline([])).to.equal('');
  });
});

describe('renderTrend', () => {
  const document: TrendDocument = {
    schema_version: 1,
    experiments: [
      {
        experiment: 'redis-loss',
        title: 'Losing Redis',
        runs: [
          { run: 'r1', t: 't', verdict: 'PASS', dir: 'd' },
          { run: 'r2', t: 't', verdict: 'FAIL', dir: 'd' },
        ],
        checks: [{ name: 'errors', verdicts: [{ run: 'r1', verdict: 'INCONCLUSIVE' }] }],
      },
    ],
    series: [
      {
        experiment: 'redis-loss',
        name: 'goodput',
        of: 'check',
        unit: 'per second',
        worse: 'less',
        points: [
          { run: 'r1', t: 't', value: 200 },
          { run: 'r2', t: 't', value: 100 },
        ],
        changes: [{ run: 'r2', t: 't', from: 200, to: 100, p: 0, confirmed: true }],
      },
    ],
  };

  it('prints verdicts, a line for each figure with its last value, and each change', () => {
    expect(renderTrend(document, PLAIN).split('\n')).to.deep.equal([
      'redis-loss  Losing Redis  (2 runs, the newest last)',
      '  verdicts  ✓✗',
      '  errors    ?',
      '  goodput   █▁ 100/s',
      '            ↳ −50 % (200/s → 100/s) since r2, confirmed by reruns',
      '',
    ]);
  });

  it('paints what is for the worse red', () => {
    expect(renderTrend(document, { ...PLAIN, color: true })).to.include('\u001B[31m↳ −50 %');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { trendOf, type TrendRun } from '../../../../harness/core/trend/trend.ts';
import { nightOf, nightRun } from '../../../helpers/samples/history-of-runs.ts';

const steps = (count: number, change: number): TrendRun[] =>
  Array.from({ length: count }, (_, night) => nightRun(night, { p95: (night < change ? 100 : 130) + (night % 3) }));

describe('trendOf', () => {
  it('returns verdicts and figures of each experiment in the order of time, whatever the order of the runs', () => {
    const runs = [
      nightRun(1, { p95: 110, verdict: 'FAIL' }),
      nightRun(0, { p95: 100 }),
      nightRun(0, { p95: 50, experiment: 'a' }),
    ];
    const { experiments, series } = trendOf(runs);
    expect(experiments.map(({ experiment, runs }) => [experiment, runs.map(({ verdict }) => verdict)])).to.deep.equal([
      ['a', ['PASS']],
      ['redis-loss', ['PASS', 'FAIL']],
    ]);
    expect(experiments[1]?.runs[0]).to.deep.equal({
      run: nightOf(0),
      t: '2026-09-01T02:00:00.000Z',
      verdict: 'PASS',
      dir: `reports/${nightOf(0)}`,
    });
    expect(experiments[1]?.checks.map(({ name, verdicts }) => [name, verdicts.length])).to.deep.equal([
      ['latency p95 (fault)', 2],
      ['scaling of app', 2],
    ]);
    const own = series.filter(({ experiment }) => experiment === 'redis-loss');
    expect(own.map(({ name, of, unit, worse }) => [name, of, unit, worse])).to.deep.equal([
      ['latency p95 (fault)', 'check', 'duration', 'more'],
      ['throughput (fault)', 'series', 'per second', null],
    ]);
    expect(own[0]?.points.map(({ value }) => value)).to.deep.equal([100, 110]);
    expect(own[0]?.points[0]).to.have.keys('run', 't', 'value');
  });

  it('names the run in which figures changed, and nobody has confirmed it yet', () => {
    const [series] = trendOf(steps(20, 12)).series;
    expect(series?.changes.map(({ run, confirmed }) => [run, confirmed])).to.deep.equal([[nightOf(12), null]]);
    expect(series?.changes[0]?.from).to.be.closeTo(101, 1);
    expect(series?.changes[0]?.to).to.be.closeTo(131, 1);
  });

  it('says what reruns found out', () => {
    const asked: string[][] = [];
    const { series } = trendOf(steps(20, 12), (...of) => {
      asked.push(of);
      return false;
    });
    expect(series[0]?.changes[0]?.confirmed).to.equal(false);
    expect(asked).to.deep.equal([['redis-loss', 'latency p95 (fault)', '2026-09-13T02:00:00.000Z']]);
  });

  it('has no point of a run that proves nothing, and still has its verdict', () => {
    const invalid = [{ code: 'CHAOS_CPU_STOLEN', message: 'm' }];
    const { experiments, series } = trendOf([
      nightRun(0, { p95: 100 }),
      nightRun(1, { p95: 900, verdict: 'INCONCLUSIVE', over: { invalid } }),
      nightRun(2, { p95: 900, verdict: 'ABORTED' }),
      nightRun(3, { p95: 102, verdict: 'INCONCLUSIVE' }),
    ]);
    expect(experiments[0]?.runs).to.have.lengthOf(4);
    expect(series[0]?.points.map(({ value }) => value)).to.deep.equal([100, 102]);
  });

  it('does not mix units, and leaves out a figure that is no number', () => {
    const inSeconds = nightRun(1, {
      p95: 0,
      over: {
        checks: [
          {
            name: 'latency p95',
            verdict: 'PASS',
            expected: '',
            observed: '',
            samples: 1,
            during: ['fault'],
            figure: { value: 1, unit: 'count', worse: 'more' },
          },
        ],
      },
    });
    const { series } = trendOf([nightRun(0, { p95: 100 }), inSeconds, nightRun(2, { p95: NaN })]);
    const points = series.filter(({ of }) => of === 'check').map(({ unit, points }) => [unit, points.length]);
    expect(points).to.deep.equal([
      ['duration', 1],
      ['count', 1],
    ]);
  });

  it('is empty without runs', () => {
    expect(trendOf([])).to.deep.equal({ schema_version: 1, experiments: [], series: [] });
  });
});

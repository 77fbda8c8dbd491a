import { expect } from 'chai';
import { describe, it } from 'mocha';
import { longestLookBack, lookBacks } from '../../../../harness/kit/promql/look-back.ts';
import { promqlMistake } from '../../../../harness/kit/promql/mistake.ts';
import { promDuration } from '../../../../harness/core/alerts/prom-duration.ts';

describe('a mistake in PromQL', () => {
  for (const good of [
    'up',
    '1',
    'sum(rate(http_requests_total{code=~"5.."}[30s])) / sum(rate(http_requests_total[30s]))',
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[30s])))',
    'quantile_over_time(0.5, x[1m])',
    'max_over_time(rate(x[1m])[5m:10s])',
    'rate(x[5m] offset 1h)',
    'a or b unless on (job) c # with words',
    'absent(up{job="app"})',
    'job:errors:ratio_rate1h > (14.4 * 0.001)',
  ]) {
    it(`is not in ${good}`, () => expect(promqlMistake(good)).to.equal(undefined));
  }

  for (const [bad, what] of [
    ['', 'ends too early'],
    ['sum(rate(x[30s])', 'ends too early'],
    ['sum(rate(x[30s)))', 'not PromQL at ")))"'],
    ['up = 1', 'not PromQL at "= 1"'],
    ['foo bar', 'not PromQL at "bar"'],
    ['rate(x)', 'rate needs a stretch of time'],
    ['sum(avg_over_time(x))', 'avg_over_time needs a stretch of time'],
    ['x[5m]', 'a stretch of time and no value'],
    ['"up"', 'a text in quotes is no figure'],
  ] as const) {
    it(`is found in ${JSON.stringify(bad)}`, () => expect(promqlMistake(bad)?.what).to.include(what));
  }

  it('has its place', () => expect(promqlMistake('sum(up) + = 1')?.at).to.equal(10));
});

describe('how far back PromQL looks', () => {
  it('is a range, an offset and a subquery together', () => {
    expect(lookBacks('max_over_time(rate(x{a="[9d]"}[5m] offset 1h)[30m:1m]) > 2')).to.deep.equal([
      { selector: 'x{a="[9d]"}', name: 'x', ms: 95 * 60_000 },
    ]);
  });

  it('follows recording rules, also when they name each other in a circle', () => {
    const recorded = new Map([
      ['ratio', ['errors / total']],
      ['errors', ['rate(requests{code="500"}[1h])']],
      ['total', ['rate(requests[1h])']],
      ['round', ['round + last_over_time(y[1m])']],
    ]);
    const found = lookBacks('ratio > 14.4 * 0.001 and ratio offset 5m > 0', recorded);
    expect(found.map(({ name }) => name)).to.deep.equal(['requests', 'requests', 'requests', 'requests']);
    expect(longestLookBack(found)).to.equal(65 * 60_000);
    expect(longestLookBack(lookBacks('round', recorded))).to.equal(60_000);
  });

  it('is 0 without a range', () => expect(longestLookBack(lookBacks('up == 0'))).to.equal(0));

  it('reads durations as Prometheus writes them', () => {
    expect(['1h30m', '500ms', '3d', '1w', 'x', '5'].map(promDuration)).to.deep.equal([
      5_400_000, 500, 259_200_000, 604_800_000, 0, 0,
    ]);
  });
});

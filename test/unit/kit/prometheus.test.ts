import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseMetrics, sumBy } from '../../../harness/kit/prometheus.ts';

const TEXT = `# HELP cache_hits_total Answers from a cache.
# TYPE cache_hits_total counter
cache_hits_total{layer="redis",pattern="dashboard:*"} 12
cache_hits_total{layer="redis",pattern="dashboard:*",replica="2"} 3 1764044400000
cache_hits_total{pattern="a \\"quoted\\" {one}, or two",layer="application"} 1.5e3
up 1
process_start{} 0
lost{le="+Inf"} +Inf
nothing NaN

broken{
`;

describe('the parser of the Prometheus text format', () => {
  it('takes one pass, whatever a service exports (case C21)', () => {
    const long = 200_000;
    const begun = performance.now();
    for (const line of [
      `a{${'b'.repeat(long)}} 1`,
      `a{${'}'.repeat(long)}`,
      `a${' '.repeat(long)}`,
      `a{${'b="'.repeat(long / 3)} 1`,
    ])
      parseMetrics(line);
    // A search that begins again at each letter takes half a minute.
    expect(performance.now() - begun, 'milliseconds').to.be.lessThan(2_000);
  });

  it('gives names, labels and values, and ignores comments and torn lines', () => {
    const samples = parseMetrics(TEXT);
    expect(samples.map((s) => s.name)).to.deep.equal([
      'cache_hits_total',
      'cache_hits_total',
      'cache_hits_total',
      'up',
      'process_start',
      'lost',
      'nothing',
    ]);
    expect(samples[0]).to.deep.equal({
      name: 'cache_hits_total',
      labels: { layer: 'redis', pattern: 'dashboard:*' },
      value: 12,
    });
    expect(samples[1]?.value).to.equal(3);
    expect(samples[2]?.labels).to.deep.equal({ pattern: 'a "quoted" {one}, or two', layer: 'application' });
    expect(samples[2]?.value).to.equal(1_500);
    expect(samples[5]?.value).to.equal(Infinity);
    expect(parseMetrics('')).to.deep.equal([]);
  });

  it('gives sums by labels over all replicas', () => {
    const sums = sumBy(parseMetrics(TEXT), 'cache_hits_total', ['layer', 'pattern']);
    expect(sums.get('redis|dashboard:*')).to.equal(15);
    expect(sumBy(parseMetrics(TEXT), 'up', ['layer'])).to.deep.equal(new Map([['', 1]]));
    expect(sumBy(parseMetrics(TEXT), 'unheard_of', ['layer']).size).to.equal(0);
  });
});

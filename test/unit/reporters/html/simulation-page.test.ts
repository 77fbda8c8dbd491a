import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Chart } from '../../../../harness/reporters/html/charts/chart.ts';
import { samplePage } from '../../../helpers/samples/simulation.ts';

const page = samplePage();
const [, json = '{}'] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page) ?? [];
const data = JSON.parse(json) as { origin: number | null; length: number; charts: readonly Chart[] };

describe('the page of a simulation', () => {
  it('draws the load once, and of each policy the replicas and the p95', () => {
    expect(data.charts.map(({ id }) => id)).to.deep.equal([
      'load',
      'replicas usual',
      'p95 usual',
      'replicas warm',
      'p95 warm',
    ]);
    const [load, replicas, p95] = data.charts;
    expect(load?.series[0]?.values).to.deep.equal([150, 900, 900]);
    expect(replicas?.series.map(({ label, values }) => [label, values])).to.deep.equal([
      ['asked for', [3, 9, 9]],
      ['serving', [3, 3, 9]],
    ]);
    expect(p95?.series[0]?.values).to.deep.equal([12, 1_310, 31]);
    expect(p95?.limits).to.deep.equal([{ value: 200, label: 'objective: 200 ms' }]);
    expect(load?.x).to.deep.equal([59, 119, 179]);
  });

  it('is on an axis of virtual time, which is not the time of any day', () => {
    expect(data).to.include({ origin: null, length: 180 });
  });

  it('shows the figures of each policy, and what would mend it', () => {
    expect(page).to.include('A jump &lt;1&gt;').and.to.include('minInstances: 9');
    expect(page).to.match(/<th scope="row">usual<\/th><td class="n">14\.0 s<\/td><td class="n">after 1 min 00 s<\/td>/);
    expect(page).to.include('answered within 200 ms, and at most 0.10 % are refused');
    expect(samplePage({ mends: false })).not.to.include('id="mends"');
  });

  it('loads no other file, and has no secret', () => {
    expect(page).to.include(`default-src 'none'`);
    expect(page).not.to.include('hunter2');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import latency from '../../harness/checks/latency.ts';
import type { JudgedRun } from '../../harness/core/record/run.ts';
import { POPULATIONS } from '../../harness/core/record/latencies.ts';
import { markup } from '../../harness/reporters/html/markup.ts';
import { Buckets } from '../../harness/reporters/html/charts/chart.ts';
import { requestCharts } from '../../harness/reporters/html/charts/request-charts.ts';
import { COLUMNS, figuresOf } from '../../harness/reporters/html/tables.ts';
import { measure, phaseMeasures } from '../../harness/reporters/wording/measures.ts';
import { rowsOf } from '../../harness/store/rows.ts';
import { sampleHistory, sampleRows } from '../helpers/samples/history.ts';

/** A tenth of the requests of the fault phase was refused at once: their judged latency is the timeout of 2 s. */
const history = sampleHistory({
  rows: sampleRows({ phase: 'fault', count: 2_700, ms: 10 }, { phase: 'fault', count: 300, ms: 1, outcome: 'refused' }),
});
const TIMEOUT_MS = 2_000;
const rows = rowsOf({ history } as unknown as JudgedRun);
const [fault] = phaseMeasures(history).filter(({ phase }) => phase === 'fault');

/** The seconds of a load are of another population, and say so: test/unit/checks/latency.test.ts. */
describe('p95 without more words means the same (case V4): the refused requests are as slow as the timeout', () => {
  it('in a verdict', () => {
    const [result] = latency.evaluate(history, latency.params.parse({ p95: '200ms', during: ['fault'] }));
    expect(result?.observed).to.match(/^2\.0 s, failed requests as slow as the timeout/);
  });

  it('in performance_metrics, which name the population', () => {
    const [row] = rows.performance_metrics.filter(
      ({ metric_type, endpoint, metadata }) =>
        metric_type === 'response_time' && endpoint === null && (metadata as { phase: string }).phase === 'fault',
    );
    expect(row).to.deep.include({ unit: 'ms' });
    expect(Number(row?.['metric_value'])).to.equal(TIMEOUT_MS);
    expect(row?.['metadata']).to.include({ percentile: 95, population: 'judged', samples: 3_000 });
  });

  it('in load_test_results', () => {
    const [row] = rows.load_test_results;
    expect(Number(row?.['p95_response_time_ms'])).to.equal(TIMEOUT_MS);
    expect(Number(row?.['p99_response_time_ms'])).to.equal(TIMEOUT_MS);
    expect(Number(row?.['average_response_time_ms'])).to.be.closeTo(209, 1);
  });

  it('in the tables of the reports, where the p95 of successes has a name of its own', () => {
    const { p95, p95OfSuccesses } = measure(fault!.all);
    expect({ p95, p95OfSuccesses }).to.deep.equal({ p95: TIMEOUT_MS, p95OfSuccesses: 10 });
    const cells = figuresOf(fault!.all, 30_000).map((cell) => markup`${cell}`.text);
    const under = (name: string): string | undefined => cells[COLUMNS.findIndex((c) => c.name === name) - 1];
    expect(under('p95 (95 % bounds)')).to.match(/2\.0 s/);
    expect(under('p95 of successes')).to.equal('10 ms');
  });

  it('in the chart of latencies', () => {
    const timeline = { origin: fault!.window.started, length: 30, phases: [], faults: [], lanes: [] };
    const [chart] = requestCharts(history, new Buckets(timeline), []).latency;
    const p95 = chart?.series.find(({ label }) => label === 'p95');
    expect(Math.max(...(p95?.values ?? []).map((v) => v ?? 0))).to.equal(TIMEOUT_MS);
    expect(chart?.note).to.include(POPULATIONS.judged);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { CheckResult } from '../../../../../harness/core/kinds/check-result.ts';
import type { PlannedCheck } from '../../../../../harness/core/plan/plan.ts';
import { chartsOf } from '../../../../../harness/reporters/html/charts/charts.ts';
import type { Chart } from '../../../../../harness/reporters/html/charts/chart.ts';
import { timelineOf } from '../../../../../harness/reporters/html/charts/timeline.ts';
import html from '../../../../../harness/reporters/html.ts';
import { checks } from '../../../../../harness/checks/index.ts';
import { evaluate } from '../../../../../harness/judge/evaluate.ts';
import type { Plan } from '../../../../../harness/core/plan/plan.ts';
import { sampleRun } from '../../../../helpers/samples/run.ts';

const { history, document } = sampleRun();
const timeline = timelineOf(history);
const drawn = (plan: Partial<Plan>, results: readonly CheckResult[] = []): readonly Chart[] =>
  chartsOf({ ...history, plan: { ...history.plan, ...plan } }, timeline, results);
const chart = (charts: readonly Chart[], id: string): Chart => {
  const found = charts.filter((one) => one.id === id);
  expect(found, id).to.have.lengthOf(1);
  return found[0]!;
};
const line = ({ series }: Chart, label: string): readonly (number | null)[] =>
  series.find((one) => one.label === label)?.values ?? [];

const hypothesis: PlannedCheck = {
  check: 'series',
  params: { name: 'cpu', of: 'app', below: 90, during: ['baseline', 'fault'] },
  line: 9,
};

describe('the charts of a report', () => {
  it('draw each series that a hypothesis or a stop condition names, once, with its limits', () => {
    const plan = {
      hypotheses: [hypothesis],
      stop_if: [
        { check: 'series', params: { name: 'cpu', of: 'app', above: 95 }, for: 10_000, line: 12 },
        { check: 'series', params: { name: 'generator_lag', above: 200 }, for: 10_000, line: 13 },
        { check: 'errors', params: { above: 0.8 }, for: 10_000, line: 14 },
      ],
    };
    const results = evaluate({ ...history, plan: { ...history.plan, ...plan } }, checks);
    const charts = drawn(plan, results);
    const cpu = chart(charts, 'series cpu of app');
    expect(cpu).to.include({ title: 'cpu of app', unit: '%', kind: 'line' });
    expect(cpu.folded).not.to.equal(true);
    expect(cpu.series.map(({ label }) => label)).to.have.members(['chaos-app-1', 'chaos-app-2', 'chaos-app-3']);
    expect(cpu.limits).to.deep.equal([
      { value: 90, label: 'limit: < 90 %' },
      { value: 95, label: 'ends the run: limit: > 95 %' },
    ]);
    expect(charts.filter(({ id }) => id === 'series generator_lag').length, 'asked for, and in every report').to.equal(
      1,
    );
    expect(chart(charts, 'series generator_lag').limits).to.have.lengthOf(1);
    const page = html.render({
      document: { ...document, checks: results },
      history: { ...history, plan: { ...history.plan, ...plan } },
    });
    expect(page).to.include('limit: &lt; 90 %').and.to.include('ends the run: limit: &gt; 95 %');
  });

  it('draw what stands under `charts`: every line of a series when `of` is left out', () => {
    const charts = drawn({ charts: [{ name: 'memory' }, { name: 'cache_hit_ratio', of: 'redis' }] });
    expect(chart(charts, 'series memory').series).to.have.lengthOf(11);
    expect(chart(charts, 'series cache_hit_ratio of redis').series.map(({ label }) => label)).to.deep.equal(['redis']);
  });

  it('draw the stop conditions of old records, whose check is the name of the series', () => {
    const old = { stop_if: [{ check: 'cpu', params: { of: 'app', above: 90 }, for: 10_000, line: 14 }] };
    expect(chart(drawn(old), 'series cpu of app').limits).to.deep.equal([
      { value: 90, label: 'ends the run: limit: > 90 %' },
    ]);
  });

  it('leave out a series without readings, and a series that this version does not have', () => {
    const named = drawn({ charts: [{ name: 'replication_lag' }, { name: 'of_another_version' }] });
    expect(named.map(({ id }) => id)).to.deep.equal(drawn({}).map(({ id }) => id));
  });

  it('count the throughput as the requests have it', () => {
    const throughput = chart(drawn({}), 'throughput');
    const total = (label: string): number => line(throughput, label).reduce<number>((sum, v) => sum + (v ?? 0), 0);
    const open = Array.from({ length: history.requests.length }, (_, i) => i).filter(
      (i) => history.requests.source[i] === 0,
    );
    expect(total('asked')).to.be.closeTo(open.length, open.length * 0.02);
    const ok = open.filter((i) => history.requests.outcome[i] === 0);
    expect(total('achieved')).to.be.closeTo(ok.length, ok.length * 0.02);
  });

  it('draw through one missing reading, and show a longer silence as a gap', () => {
    const kept = (missing: readonly number[]) => {
      const events = history.events.filter(
        (e) => e.kind !== 'load' || !missing.includes(Math.round((e.t - timeline.origin) / 1_000)),
      );
      return chart(chartsOf({ ...history, events }, timeline), 'series in_flight').series[0]?.values ?? [];
    };
    expect(kept([])).not.to.include(null);
    expect(kept([20])).not.to.include(null);
    expect(kept([20, 21, 22]).filter((v) => v === null)).to.have.length.of.at.least(2);
  });
});

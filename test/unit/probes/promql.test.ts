import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrometheusControl } from '../../../harness/control/prometheus/prometheus.ts';
import { describeError } from '../../../harness/core/errors.ts';
import type { ProbeContext } from '../../../harness/core/kinds/probe.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { askedParams, freshness } from '../../../harness/kit/promql/asked.ts';
import promql from '../../../harness/probes/promql.ts';
import series from '../../../harness/series/promql.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { PrometheusDouble } from '../../helpers/doubles/prometheus.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';

const ERRORS = 'sum by (job) (rate(errors_total[5m]))';
const FRESH = 'count(errors_total)';

describe('the probe of expressions in PromQL', function () {
  // A hang guard.
  this.timeout(20_000);
  let double: PrometheusDouble;
  let server: Awaited<ReturnType<PrometheusDouble['listen']>>;
  let events: RunEvent[];
  let ctx: ProbeContext;

  beforeEach(async () => {
    double = new PrometheusDouble(() => 1_700_000_000_000);
    server = await double.listen();
    events = [];
    const monitoring = new PrometheusControl({ prometheus: server.url }, {}, undefined, 1_000);
    const spec = { ...SPEC, monitoring: { prometheus: server.url } };
    const topology = { spec, monitoring } as unknown as ProbeContext['topology'];
    ctx = {
      run: 'r',
      clock: new ManualClock(5_000),
      observers: [],
      watched: [],
      topology,
      emit: (e) => void events.push(e),
    };
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const wanted = (expression: string) => [askedParams.parse({ expression, everyMs: 5 })];

  /** Asks until the expression was asked `times` times. */
  async function asked(expression: string, times = 3): Promise<RunEvent[]> {
    await using _running = await promql.start(ctx, wanted(expression));
    while (double.asked.filter((one) => one === expression).length < times) await sleep(5);
    return events;
  }

  it('records a reading for each line, with labels in one order and without the name of the metric', async () => {
    double.values.set(FRESH, [{ labels: {}, value: '4' }]);
    double.values.set(ERRORS, [
      { labels: { job: 'b', a: '1', __name__: 'x' }, value: '0.5' },
      { labels: { job: 'c' }, value: 'NaN' },
    ]);
    const [first] = await asked(ERRORS);
    expect(first).to.deep.equal({
      kind: 'reading',
      t: 5_000,
      source: server.url,
      name: `promql ${ERRORS}`,
      labels: { a: '1', job: 'b' },
      value: 0.5,
      unit: 'count',
    });
    expect(Object.keys((first as { labels: object }).labels)).to.deep.equal(['a', 'job']);
    expect(events.every((event) => event.kind === 'reading' && event.value === 0.5)).to.equal(true);
  });

  it('leaves a gap for no value, too many lines, no answer, and what is no longer scraped', async () => {
    double.values.set(FRESH, [{ labels: {}, value: '4' }]);
    expect(await asked(ERRORS)).to.deep.equal([]);
    double.values.set(
      ERRORS,
      Array.from({ length: 101 }, (_, i) => ({ labels: { i: String(i) }, value: '1' })),
    );
    expect(await asked(ERRORS, 6)).to.deep.equal([]);
    double.values.set(ERRORS, [{ labels: {}, value: '1' }]);
    double.values.delete(FRESH);
    expect(await asked(ERRORS, 9)).to.deep.equal([]);
    double.refused.set(ERRORS, 'too expensive');
    expect(await asked(ERRORS, 12)).to.deep.equal([]);
  });

  it('is refused before the first fault when Prometheus refuses it, gives too many lines, or is not there', async () => {
    const why = async (): Promise<string> => {
      try {
        await promql.ready?.(ctx, wanted(ERRORS));
        return 'ready';
      } catch (error) {
        return `${(error as { code: string }).code} ${describeError(error)}`;
      }
    };
    expect(await why()).to.equal('ready');
    double.values.set(
      ERRORS,
      Array.from({ length: 101 }, (_, i) => ({ labels: { i: String(i) }, value: '1' })),
    );
    expect(await why())
      .to.include('CHAOS_PROMQL')
      .and.include('101 lines');
    double.refused.set(ERRORS, 'parse error');
    expect(await why())
      .to.include('CHAOS_PROMQL')
      .and.include('parse error');
    double.mood = 'gone';
    expect(await why()).to.include('CHAOS_PROMETHEUS');
  });

  it('asks whether what it reads is still scraped, through recording rules, unless nothing can tell', () => {
    const recorded = new Map([['ratio', ['rate(a[1h]) / rate(b[1h])']]]);
    expect(freshness('ratio > 0', recorded)).to.equal('count(a) or count(b)');
    expect(freshness('rate(a{x="1"}[5m]) + rate(a{x="1"}[1h])', recorded)).to.equal('count(a{x="1"})');
    for (const untold of ['up == 0', 'count(ALERTS{alertstate="firing"}) or vector(0)', 'absent(a)', '1 + 1'])
      expect(freshness(untold, recorded), untold).to.equal(undefined);
  });
});

describe('the series of expressions in PromQL', () => {
  const event: RunEvent = {
    kind: 'reading',
    t: 1,
    source: 's',
    name: 'promql x',
    labels: { job: 'a' },
    value: 0.25,
    unit: 'count',
  };

  it("turns Prometheus' seconds and shares of one into the unit of the limit", () => {
    const value = (unit: 'duration' | 'percent' | 'bytes' | 'count') =>
      series.in?.(unit).read('x', SPEC)(event)[0]?.value;
    expect([value('duration'), value('percent'), value('bytes'), value('count')]).to.deep.equal([250, 25, 0.25, 0.25]);
  });

  it('reads its own expression alone; without one, every expression as lines of its own', () => {
    expect(series.read('y', SPEC)(event)).to.deep.equal([]);
    expect(series.read(undefined, SPEC)(event)[0]?.labels).to.deep.equal({ expression: 'x', job: 'a' });
  });
});

import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrometheusControl } from '../../harness/control/prometheus/prometheus.ts';
import { systemClock } from '../../harness/core/clock.ts';
import type { ProbeContext } from '../../harness/core/kinds/probe.ts';
import { alertEpisodes, unwatched } from '../../harness/core/record/alerts.ts';
import type { EventKind, EventOf, RunEvent } from '../../harness/core/record/events.ts';
import { readingName } from '../../harness/kit/promql/asked.ts';
import alerts from '../../harness/probes/alerts.ts';
import promql from '../../harness/probes/promql.ts';
import { programPath, type RealPrometheus, startPrometheus } from '../helpers/real-prometheus.ts';
import { serve } from '../helpers/web-server.ts';

const RULES = `groups:
  - name: app
    rules:
      - { record: 'app:errors:ratio_rate10s', expr: 'sum(rate(errors_total[10s])) / sum(rate(requests_total[10s]))' }
      - { alert: HighErrorRatio, expr: 'app:errors:ratio_rate10s > 0.2', for: 2s, labels: { severity: page } }
      - { alert: Burning, expr: 'sum(rate(errors_total[1h])) / sum(rate(requests_total[1h])) > 0.9', labels: { severity: page } }
      - { alert: NothingThere, expr: 'no_such_metric > 0', labels: { severity: page } }
`;
const RATIO = 'sum(rate(errors_total[5s])) / sum(rate(requests_total[5s]))';

describe('a real Prometheus', function () {
  // A hang guard.
  this.timeout(120_000);
  const program = programPath('prometheus');

  before(function () {
    // Not every machine has it. The stack of the topology brings its own, and its tests need no program of the machine.
    if (program === undefined) this.skip();
  });

  /** Runs both probes while an app counts requests. `during` may fail the app, and do things to Prometheus. */
  async function watched(
    during: (app: { failing: boolean; silent: boolean }, prometheus: RealPrometheus) => Promise<void>,
  ) {
    const app = { failing: false, silent: false };
    const [began, counts] = [Date.now(), { requests: 0, errors: 0 }];
    const counting = setInterval(() => {
      counts.requests += 10;
      if (app.failing) counts.errors += 10;
    }, 100);
    await using server = await serve((_request, response) => {
      if (app.silent) return;
      response.end(`requests_total ${counts.requests}\nerrors_total ${counts.errors}\n`);
    });
    await using prometheus = await startPrometheus(program ?? '', RULES, [new URL(server.url).host]);
    const events: RunEvent[] = [];
    const monitoring = new PrometheusControl({ prometheus: prometheus.url }, {});
    const ctx: ProbeContext = {
      run: 'r',
      clock: systemClock,
      observers: [],
      watched: [],
      emit: (event) => void events.push(event),
      topology: {
        spec: { monitoring: { prometheus: prometheus.url } },
        monitoring,
      } as unknown as ProbeContext['topology'],
    };
    try {
      // Prometheus finds its targets only some seconds after its start.
      while ((await monitoring.query('count(up == 1)')).length === 0) await sleep(200);
      await sleep(3_000);
      const wanted = [{ name: 'HighErrorRatio' }];
      const expressions = [{ expression: RATIO, everyMs: 1_000 }];
      await alerts.ready?.(ctx, wanted);
      await promql.ready?.(ctx, expressions);
      {
        await using _alerts = await alerts.start(ctx, wanted);
        await using _promql = await promql.start(ctx, expressions);
        await during(app, prometheus);
      }
    } finally {
      clearInterval(counting);
    }
    const of = <K extends EventKind>(kind: K): EventOf<K>[] =>
      events.filter((event): event is EventOf<K> => event.kind === kind);
    return { events, of, began, ended: Date.now() };
  }

  it('tells the rules, the exact times of an alert, and readings that show the errors', async () => {
    let [failed, mended] = [0, 0];
    const { events, of } = await watched(async (app) => {
      await sleep(3_000);
      app.failing = true;
      failed = Date.now();
      await sleep(9_000);
      app.failing = false;
      mended = Date.now();
      await sleep(13_000);
    });
    const rules = of('alert.rules')[0]?.rules ?? [];
    expect(rules.map(({ name, looks_back_ms: ms }) => [name, ms])).to.deep.equal([
      ['HighErrorRatio', 10_000],
      ['Burning', 3_600_000],
      ['NothingThere', 0],
    ]);
    // The data is some seconds old, however far the rule looks back.
    const [, burning] = rules;
    expect((of('alert.rules')[0]?.t ?? 0) - (burning?.oldest ?? 0)).to.be.within(500, 30_000);
    const [episode] = alertEpisodes(events);
    expect(episode?.name).to.equal('HighErrorRatio');
    expect(episode?.exact).to.equal(true);
    expect((episode?.active ?? 0) - failed).to.be.within(500, 8_000);
    expect((episode?.firing ?? 0) - (episode?.active ?? 0)).to.be.within(1_900, 4_000);
    expect((episode?.resolved ?? 0) - mended).to.be.within(3_000, 13_000);
    const states = of('alert.state').map(({ state }) => state);
    expect(states).to.deep.equal(['pending', 'firing', 'inactive']);
    const fed = of('alert.watched')[0]?.rules.map(({ name, fed, ok }) => [name, fed, ok]);
    expect(fed).to.deep.equal([
      ['HighErrorRatio', true, true],
      ['Burning', true, true],
      ['NothingThere', false, true],
    ]);
    const readings = of('reading').filter(({ name }) => name === readingName(RATIO));
    expect(readings.length).to.be.greaterThan(15);
    expect(Math.max(...readings.map(({ value }) => value))).to.be.closeTo(1, 0.1);
    expect(readings.at(-1)?.value).to.equal(0);
  });

  it('is a gap when it is frozen, when it reaches nobody, and when it is killed; nothing hangs', async () => {
    const { events, of, ended } = await watched(async (app, prometheus) => {
      await sleep(3_000);
      prometheus.signal('SIGSTOP');
      await sleep(8_000);
      prometheus.signal('SIGCONT');
      await sleep(6_000);
      app.silent = true;
      await sleep(12_000);
      app.silent = false;
      await sleep(7_000);
      prometheus.signal('SIGKILL');
      await sleep(8_000);
    });
    const began = of('alert.rules')[0]?.t ?? 0;
    const blind = unwatched(events, { started: began, ended });
    expect(blind.map(({ problem }) => problem.replace(/ at? .*/, ''))).to.have.lengthOf(3);
    expect(blind[0]?.problem).to.include('no answer within');
    expect(blind[1]?.problem).to.include('Prometheus reaches 0 of its 1 targets');
    expect(blind[2]?.problem).to.match(/ECONNREFUSED|hang up|ECONNRESET/);
    // While the app is silent the rate over 5 s still has a value, from what is no longer scraped: it is no reading.
    const times = of('reading').map(({ t }) => t - began);
    const inside = (from: number, to: number): number => times.filter((t) => t > from && t < to).length;
    expect(inside(4_000, 10_500), 'frozen').to.equal(0);
    expect(inside(13_000, 16_500), 'well again').to.be.greaterThan(0);
    expect(inside(19_500, 28_500), 'cut off').to.equal(0);
    expect(inside(36_500, 60_000), 'killed').to.equal(0);
    expect(of('alert.watched')[0]).to.deep.include({ kept: false });
  });
});

import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { PrometheusControl } from '../../../../harness/control/prometheus/prometheus.ts';
import type { ProbeContext } from '../../../../harness/core/kinds/probe.ts';
import { alertEpisodes, unwatched } from '../../../../harness/core/record/alerts.ts';
import type { EventKind, EventOf, RunEvent } from '../../../../harness/core/record/events.ts';
import alerts from '../../../../harness/probes/alerts.ts';
import { AlertWatch } from '../../../../harness/probes/alerts/watch.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { PrometheusDouble } from '../../../helpers/doubles/prometheus.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const BEGAN = 1_700_000_000_000;

describe('the watch on alerts', function () {
  // A hang guard: each look at a frozen server takes a second.
  this.timeout(60_000);
  let clock: ManualClock;
  let double: PrometheusDouble;
  let server: Awaited<ReturnType<PrometheusDouble['listen']>>;
  let events: RunEvent[];
  let ctx: ProbeContext;

  beforeEach(async () => {
    clock = new ManualClock(BEGAN);
    double = new PrometheusDouble(() => clock.now());
    double.rule('Down', 'up{job="app"} == 0', { labels: { severity: 'page' }, forS: 2 });
    double.rule('Burn', 'ratio > 14.4 * 0.001', { labels: { severity: 'page' } });
    double.rule('ratio', 'rate(errors[1h]) / rate(total[1h])', { recording: true });
    double.values.set('count(last_over_time(up{job="app"}[10s]))', [{ labels: {}, value: '1' }]);
    server = await double.listen();
    events = [];
    const monitoring = new PrometheusControl({ prometheus: server.url, pager: server.url }, {}, undefined, 1_000);
    ctx = {
      run: 'r',
      clock,
      observers: [],
      watched: [],
      emit: (event) => void events.push(event),
      topology: { spec: SPEC, monitoring } as unknown as ProbeContext['topology'],
    };
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const of = <K extends EventKind>(kind: K): EventOf<K>[] =>
    events.filter((event): event is EventOf<K> => event.kind === kind);

  /** Watches for `seconds`. `at` says what happens before the look of a second. */
  async function watch(seconds: number, at: Readonly<Record<number, () => void>> = {}): Promise<void> {
    const watching = new AlertWatch(ctx, []);
    double.evaluate();
    await watching.begin();
    for (let second = 0; second < seconds; second += 1) {
      at[second]?.();
      double.evaluate();
      await watching.look();
      await clock.advance(1_000);
    }
    double.evaluate();
    await watching.end();
  }

  it('tells the rules, how far they look back through recording rules, and how old their data is', async () => {
    double.values.set('min by (history) (min_over_time(timestamp(errors)[3600s:30s]))', [
      { labels: {}, value: String((BEGAN - 90_000) / 1_000) },
    ]);
    await watch(1);
    const [seen] = of('alert.rules');
    expect(seen?.version).to.equal('2.42.0+double');
    expect(seen?.rules).to.deep.equal([
      {
        name: 'Down',
        labels: { severity: 'page' },
        for_ms: 2_000,
        every_ms: 1_000,
        looks_back_ms: 0,
        oldest: null,
        burns: [],
      },
      {
        name: 'Burn',
        labels: { severity: 'page' },
        for_ms: 0,
        every_ms: 1_000,
        looks_back_ms: 3_600_000,
        oldest: BEGAN - 90_000,
        burns: [[{ above: 14.4 * 0.001, ms: 3_600_000 }]],
      },
    ]);
  });

  it('tells when the oldest data of a rule was made up', async () => {
    const oldest = async (secondsAgo: { made: number; scraped: number }) => {
      events.length = 0;
      double.values.set('min by (history) (min_over_time(timestamp(total)[3600s:30s]))', [
        { labels: {}, value: String(BEGAN / 1_000 - secondsAgo.scraped) },
        { labels: { history: 'backfilled' }, value: String(BEGAN / 1_000 - secondsAgo.made) },
      ]);
      await watch(1);
      const burn = of('alert.rules')[0]?.rules.find(({ name }) => name === 'Burn');
      return [Math.round((BEGAN - (burn?.oldest ?? 0)) / 1_000), burn?.backfilled];
    };
    expect(await oldest({ made: 3_590, scraped: 40 })).to.deep.equal([3_590, true]);
    expect(await oldest({ made: 30, scraped: 3_590 })).to.deep.equal([3_590, undefined]);
    // Its last sample is seen for minutes more, also by a rule that does not look back so far.
    expect(await oldest({ made: 3_700, scraped: 40 })).to.deep.equal([40, undefined]);
  });

  it('tells each state once, and the exact times that Prometheus kept', async () => {
    await watch(10, {
      2: () => double.set('Down', 'pending', { job: 'app' }),
      4: () => double.set('Down', 'firing', { job: 'app' }),
      5: () => double.notify('Down', 'firing', { job: 'app' }),
      7: () => double.set('Down', 'inactive', { job: 'app' }),
      8: () => double.notify('Down', 'resolved', { job: 'app' }),
    });
    expect(of('alert.state').map(({ state, at }) => [state, at - BEGAN])).to.deep.equal([
      ['pending', 2_000],
      ['firing', 4_000],
      ['inactive', 7_000],
    ]);
    expect(of('alert.kept').map(({ name, labels, spans }) => ({ name, labels, spans }))).to.deep.equal([
      {
        name: 'Down',
        labels: { job: 'app' },
        spans: [
          { state: 'pending', from: BEGAN + 2_000, to: BEGAN + 4_000 },
          { state: 'firing', from: BEGAN + 4_000, to: BEGAN + 7_000 },
        ],
      },
    ]);
    const [episode, ...more] = alertEpisodes(events);
    expect(more).to.deep.equal([]);
    expect(episode).to.deep.equal({
      name: 'Down',
      labels: { job: 'app' },
      active: BEGAN + 2_000,
      firing: BEGAN + 4_000,
      resolved: BEGAN + 7_000,
      delivered: BEGAN + 5_000,
      told: BEGAN + 8_000,
      exact: true,
    });
    expect(alertEpisodes(events.filter(({ kind }) => kind !== 'alert.kept'))).to.deep.equal([
      { ...episode, exact: false },
    ]);
    expect(of('alert.watched')[0]).to.deep.include({
      looks: 11,
      told: 6,
      answered: 11,
      kept: true,
      pager: { looks: 11, answered: 11 },
    });
  });

  it("puts the times of a Prometheus with another clock on the run's clock", async () => {
    double.now = () => clock.now() + 3_600_000;
    await watch(4, { 1: () => double.set('Burn', 'firing') });
    const [episode] = alertEpisodes(events);
    expect(episode?.firing).to.equal(BEGAN + 1_000);
  });

  it('does not count what the pager got before', async () => {
    double.notify('Down', 'firing');
    await watch(2);
    expect(of('alert.delivered')).to.deep.equal([]);
  });

  for (const mood of ['gone', 'frozen'] as const) {
    it(`tells the time in which Prometheus is ${mood}`, async () => {
      await watch(20, { 5: () => (double.mood = mood), 12: () => (double.mood = 'well') });
      const blind = unwatched(events, { started: BEGAN, ended: BEGAN + 20_000 });
      expect(blind.map(({ started, ended }) => [started - BEGAN, ended - BEGAN])).to.deep.equal([[5_000, 12_000]]);
      expect(blind[0]?.problem).to.include('no good answer');
    });
  }

  it('asks a Prometheus that is gone at the end for nothing more, and says so', async () => {
    await watch(10, { 5: () => (double.mood = 'gone') });
    expect(of('alert.watched')[0]).to.deep.include({ kept: false, rules: [] });
    expect(unwatched(events, { started: BEGAN, ended: BEGAN + 10_000 })).to.have.lengthOf(1);
  });

  it('tells the time in which rules are not evaluated, and in which targets are not reached', async () => {
    await watch(30, {
      4: () => (double.stuck = true),
      14: () => (double.stuck = false),
      16: () => double.values.delete('count(up == 1)'),
    });
    const blind = unwatched(events, { started: BEGAN, ended: BEGAN + 30_000 });
    expect(blind.map(({ problem }) => problem)).to.deep.equal([
      'the rule Down was last evaluated 7 s ago',
      'Prometheus reaches 0 of its 3 targets',
    ]);
  });

  it('gives a Prometheus that has just started the time to evaluate each rule once', async () => {
    const blindFrom = async (startedAt: number | undefined): Promise<readonly number[]> => {
      events = [];
      double.startedAt = startedAt;
      double.stuck = true;
      const began = clock.now();
      await watch(10);
      const span = { started: began, ended: began + 10_000 };
      const blind = unwatched(events, span);
      expect(blind.map(({ problem }) => problem)).to.deep.equal(['the rule Down was never evaluated']);
      return blind.map(({ started }) => started - began);
    };
    expect(await blindFrom(clock.now() - 1_000), 'three intervals of 1 s, and 2 s').to.deep.equal([5_000]);
    expect(await blindFrom(undefined), 'nobody knows since when it has had the time').to.deep.equal([0]);
  });

  it('tells which rules were fed, and which could not be evaluated', async () => {
    const broken = double.rule('Broken', 'x > 0');
    await watch(10, { 3: () => (broken.health = 'err') });
    expect(of('alert.watched')[0]?.rules.map(({ name, ok, fed }) => [name, ok, fed])).to.deep.equal([
      ['Down', true, true],
      ['Burn', true, false],
      ['Broken', false, false],
    ]);
  });

  it('refuses, before the first fault, an alert that no rule gives', async () => {
    const refused = async (name: string, labels?: Readonly<Record<string, string>>) => {
      const asked = alerts.ready?.(ctx, [{ name, ...(labels === undefined ? {} : { labels }) }]);
      return asked?.then(
        () => 'ready',
        (error: unknown) => `${(error as { code: string }).code} ${(error as { hint: string }).hint}`,
      );
    };
    expect(await refused('Down')).to.equal('ready');
    expect(await refused('Down', { severity: 'page', job: 'app' })).to.equal('ready');
    expect(await refused('Down', { severity: 'ticket' })).to.include('CHAOS_NO_RULE');
    expect(await refused('Dwn')).to.equal('CHAOS_NO_RULE Did you mean "Down"?');
    double.mood = 'gone';
    expect(await refused('Down')).to.include('CHAOS_PROMETHEUS');
  });
});

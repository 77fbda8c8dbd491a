import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { PrometheusControl } from '../../../../harness/control/prometheus/prometheus.ts';
import { ChaosError, describeError } from '../../../../harness/core/errors.ts';
import { PrometheusDouble } from '../../../helpers/doubles/prometheus.ts';

/** Frozen servers are waited for this long, milliseconds. */
const CALL_MS = 1_000;

const failureOf = async (work: Promise<unknown>): Promise<ChaosError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ChaosError) return error;
  throw new Error(`no ChaosError: ${String(error)}`);
};

describe('the API of Prometheus', function () {
  // A hang guard: each question to a frozen server takes a second.
  this.timeout(60_000);
  let now = 1_700_000_000_000;
  let double: PrometheusDouble;
  let server: Awaited<ReturnType<PrometheusDouble['listen']>>;
  const control = (more = {}, env = {}) =>
    new PrometheusControl({ prometheus: `${server.url}/`, pager: server.url, ...more }, env, undefined, CALL_MS);

  beforeEach(async () => {
    double = new PrometheusDouble(() => now);
    server = await double.listen();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  it('answers an expression with its lines, and with values that are no numbers', async () => {
    double.values.set('x', [
      { labels: { job: 'a' }, value: '0.5' },
      { labels: { job: 'b' }, value: 'NaN' },
      { labels: { job: 'c' }, value: '+Inf' },
    ]);
    const found = await control().query('x');
    expect(found.map(({ labels, value }) => [labels['job'], value])).to.deep.equal([
      ['a', 0.5],
      ['b', NaN],
      ['c', Infinity],
    ]);
    expect(await control().query('nothing')).to.deep.equal([]);
    expect((await control().query('time()'))[0]?.value).to.equal(now / 1_000);
  });

  it('answers alerts, rules and deliveries, in milliseconds', async () => {
    double.rule('Down', 'up == 0', { labels: { severity: 'page' }, forS: 5 });
    double.rule('ratio', 'a / b', { recording: true });
    double.set('Down', 'pending', { job: 'app' });
    double.evaluate();
    double.notify('Down', 'firing', { job: 'app' });
    expect(await control().alerts()).to.deep.equal([
      { name: 'Down', labels: { job: 'app' }, state: 'pending', since: now, value: 1 },
    ]);
    const [alert, recording] = await control().rules();
    expect(alert).to.deep.include({
      type: 'alerting',
      name: 'Down',
      forMs: 5_000,
      everyMs: 1_000,
      evaluated: now,
      ok: true,
    });
    expect(recording).to.deep.include({ type: 'recording', name: 'ratio', query: 'a / b' });
    expect(await control().deliveries(0)).to.deep.equal([
      { n: 1, at: now, name: 'Down', labels: { job: 'app' }, status: 'firing' },
    ]);
    expect(await control().deliveries(1)).to.deep.equal([]);
    expect(await control({ pager: undefined }).deliveries(0)).to.equal(undefined);
  });

  it('answers its targets, and which of them were read at least once', async () => {
    expect(await control().targets()).to.deep.equal([]);
    double.targets
      .set('http://app:3000/metrics', 'up')
      .set('http://gone:1/metrics', 'down')
      .set('http://b:1/', 'unknown');
    expect(await control().targets()).to.deep.equal([
      { url: 'http://app:3000/metrics', tried: true },
      { url: 'http://gone:1/metrics', tried: true },
      { url: 'http://b:1/', tried: false },
    ]);
    double.mood = 'gone';
    expect((await failureOf(control().targets())).code).to.equal('CHAOS_PROMETHEUS');
  });

  it('answers the kept samples of a stretch of time', async () => {
    double.set('Down', 'firing');
    for (let i = 0; i < 5; i += 1) {
      double.evaluate();
      now += 1_000;
    }
    const [line] = await control().samples('ALERTS', now - 3_500, now);
    expect(line?.labels).to.deep.equal({ __name__: 'ALERTS', alertname: 'Down', alertstate: 'firing' });
    expect(line?.points.map(({ t }) => now - t)).to.deep.equal([3_000, 2_000, 1_000]);
  });

  it('is CHAOS_PROMQL when the expression is refused, with what Prometheus says', async () => {
    double.refused.set('rate(', '1:6: parse error: unclosed left parenthesis');
    const error = await failureOf(control().query('rate('));
    expect(error.code).to.equal('CHAOS_PROMQL');
    expect(error.message).to.include('unclosed left parenthesis');
  });

  for (const mood of ['frozen', 'gone', 'barred'] as const) {
    it(`is CHAOS_PROMETHEUS, and never hangs, when it is ${mood}`, async () => {
      double.mood = mood;
      for (const asked of [control().query('x'), control().alerts(), control().rules(), control().version()]) {
        const error = await failureOf(asked);
        expect(error.code).to.equal('CHAOS_PROMETHEUS');
        const why = { frozen: 'no answer within 1000 ms', gone: 'hang up', barred: 'HTTP 401: Unauthorized' }[mood];
        expect(describeError(error)).to.include(why);
      }
    });
  }

  it('is CHAOS_PROMETHEUS when something else answers', async () => {
    const error = await failureOf(new PrometheusControl({ prometheus: `${server.url}/other` }, {}).alerts());
    expect(error.code).to.equal('CHAOS_PROMETHEUS');
  });

  it('sends headers from the environment, and says which variable is missing', async () => {
    double.mood = 'barred';
    const headers = { authorization: 'PROM_TOKEN' };
    expect(await control({ headers }, { PROM_TOKEN: 'Bearer abc' }).alerts()).to.deep.equal([]);
    expect(double.authorization).to.equal('Bearer abc');
    const error = await failureOf(control({ headers }).alerts());
    expect(error.message).to.include('PROM_TOKEN');
  });

  it('says which file is missing when the authority cannot be read', async () => {
    const error = await failureOf(control({ ca: '/nowhere/ca.pem' }).alerts());
    expect(error.message).to.include('/nowhere/ca.pem');
  });
});

import { describe, it } from 'mocha';
import { expect } from 'chai';
import { ERROR_CODES, OUTCOMES, type Outcome, SOURCES, type Source } from '../../../../harness/core/load/load.ts';
import { requestTable } from '../../../../harness/core/load/samples.ts';
import { Latencies } from '../../../../harness/core/record/latencies.ts';
import { trafficWithin } from '../../../../harness/core/record/traffic.ts';
import { samplePlan } from '../../../helpers/samples/plan.ts';

const row = (planned: number, done: number, outcome: Outcome = 'ok', endpoint = 0, source: Source = 'open') => ({
  planned,
  sent: planned,
  firstByte: done,
  done,
  endpoint,
  scenario: 0,
  outcome: OUTCOMES.indexOf(outcome),
  status: 0,
  source: SOURCES.indexOf(source),
});
const names = { endpoints: ['GET /a', 'GET /b', 'GET /never'], scenarios: ['s'] };

describe('trafficWithin', () => {
  const requests = requestTable(
    [
      row(99, 120),
      row(100, 130),
      row(150, 155, 'http_error', 1),
      row(160, NaN, 'dropped', 1),
      row(170, 5_170, 'timeout'),
      row(180, 190, 'ok', 0, 'pressure'),
      row(199, 400),
      row(200, 210),
    ],
    names,
  );
  const plan = samplePlan({ warmup: 0, baseline: 1, fault: 1, heal: 1, recovery: 1 }, 10, 1);
  const { all, endpoints } = trafficWithin({ requests, plan }, { started: 100, ended: 200 });

  it('counts requests by their planned time, without pressure; a dropped one is neither ok nor failed', () => {
    expect(all).to.include({ offered: 4, ok: 2, failed: 2, dropped: 1 });
    expect([...endpoints.keys()]).to.deep.equal(['GET /a', 'GET /b']);
    expect(endpoints.get('GET /b')).to.include({ offered: 1, ok: 0, dropped: 1 });
  });

  it('counts whole answers by status and failures by error code, and a reused connection as failed (cases C7, C15)', () => {
    const code = (name: (typeof ERROR_CODES)[number]): number => ERROR_CODES.indexOf(name) + 1;
    const rows = [
      { ...row(1, 2), status: 200 },
      { ...row(2, 3, 'http_error'), status: 302 },
      { ...row(3, 4, 'http_error'), status: 503 },
      { ...row(4, 5, 'wrong_body'), status: 200 },
      { ...row(5, 6, 'truncated'), status: 200 },
      { ...row(6, 7, 'reused_closed'), status: code('ECONNRESET') },
      { ...row(7, 8, 'other'), status: code('ENOTFOUND') },
      row(8, 9, 'reused_closed'),
      row(9, 10, 'timeout'),
      { ...row(10, 11, 'turned_away'), status: 503 },
    ];
    const { all: counted } = trafficWithin({ requests: requestTable(rows, names), plan }, { started: 0, ended: 100 });
    expect(counted).to.deep.include({
      ok: 1,
      failed: 9,
      dropped: 0,
      statuses: { 200: 2, 302: 1, 503: 2 },
      errors: { ENOTFOUND: 1, ECONNRESET: 1 },
    });
    expect(counted.outcomes[OUTCOMES.indexOf('reused_closed')]).to.equal(2);
    expect(counted.outcomes[OUTCOMES.indexOf('turned_away')]).to.equal(1);
  });

  it('measures latency from the planned time, of successful requests and of all judged requests', () => {
    const { successful, judged } = all.latencies;
    expect([...successful.inOrder]).to.deep.equal([30, 201]);
    expect([...judged.inOrder], 'by the planned time').to.deep.equal([30, 2_000, 5_000, 201]);
    expect([50, 95].map((percent) => judged.percentile(percent))).to.deep.equal([201, 5_000]);
    expect([...all.failures]).to.deep.equal([0, 1, 1, 0]);
    expect(successful.mean).to.equal(115.5);
    const none = new Latencies('successful', []);
    expect([none.mean, none.max, none.percentile(95)]).to.deep.equal([undefined, undefined, undefined]);
  });
});

import { describe, it } from 'mocha';
import { expect } from 'chai';
import { OUTCOMES, type Outcome, SOURCES, type Source } from '../../../harness/core/load/load.ts';
import { requestTable } from '../../../harness/core/load/samples.ts';
import { mean, trafficWithin } from '../../../harness/core/traffic.ts';
import { samplePlan } from '../../helpers/sample-plan.ts';

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

  it('counts what was planned within the span, pressure left out; what was dropped is neither ok nor failed', () => {
    expect(all).to.include({ offered: 4, ok: 2, failed: 2, dropped: 1 });
    expect([...endpoints.keys()]).to.deep.equal(['GET /a', 'GET /b']);
    expect(endpoints.get('GET /b')).to.include({ offered: 1, ok: 0, dropped: 1 });
  });

  it('measures from the planned time; a timeout is no answer, an error no success, and a failure as slow as the timeout', () => {
    expect([...all.okMs]).to.deep.equal([30, 201]);
    expect([...all.answeredMs]).to.deep.equal([5, 30, 201]);
    expect([...all.judgedMs]).to.deep.equal([30, 201, 2_000, 5_000]);
    expect([...all.judgedInOrder], 'by the planned time').to.deep.equal([30, 2_000, 5_000, 201]);
    expect(mean(all.okMs)).to.equal(115.5);
    expect(mean(new Float64Array(0))).to.equal(undefined);
  });
});

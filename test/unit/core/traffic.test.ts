import { describe, it } from 'mocha';
import { expect } from 'chai';
import { OUTCOMES, type Outcome, SOURCES, type Source } from '../../../harness/core/load.ts';
import { requestTable } from '../../../harness/core/samples.ts';
import { failureBound, mean, percentile, trafficWithin } from '../../../harness/core/traffic.ts';

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
  const { all, endpoints } = trafficWithin(requests, { started: 100, ended: 200 });

  it('counts what was planned within the span, pressure left out, and everything that is not ok as failed', () => {
    expect(all).to.include({ planned: 5, ok: 2, failed: 3 });
    expect(all.outcomes[OUTCOMES.indexOf('dropped')]).to.equal(1);
    expect([...endpoints.keys()]).to.deep.equal(['GET /a', 'GET /b']);
    expect(endpoints.get('GET /b')).to.include({ planned: 2, ok: 0 });
  });

  it('measures from the planned time; a timeout is no answer and an error is no success', () => {
    expect([...all.okMs]).to.deep.equal([30, 201]);
    expect([...all.answeredMs]).to.deep.equal([5, 30, 201]);
  });
});

describe('figures', () => {
  it('takes percentiles by nearest rank', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.95, 0.99, 1].map((q) => percentile(values, q))).to.deep.equal([50, 95, 99, 100]);
    expect(percentile(new Float64Array(0), 0.95)).to.equal(undefined);
    expect(mean(new Float64Array(0))).to.equal(undefined);
  });

  it('bounds a failure ratio as the published exact tables do', () => {
    // One-sided 95 %: 0 of 10 -> 1 - 0.05^(1/10); 5 of 100 -> 10.22 %; rule of three for many.
    expect(failureBound(0, 10)).to.be.closeTo(1 - 0.05 ** 0.1, 1e-9);
    expect(failureBound(5, 100)).to.be.closeTo(0.1022, 5e-4);
    expect(failureBound(0, 30_000)).to.be.closeTo(3 / 30_000, 1e-6);
    expect(failureBound(20_000, 60_000)).to.be.closeTo(0.3365, 1e-3);
    expect(failureBound(3, 3)).to.equal(1);
    expect(failureBound(0, 0)).to.equal(undefined);
  });
});

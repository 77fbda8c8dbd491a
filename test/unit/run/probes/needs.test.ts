import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Plan } from '../../../../harness/core/plan/plan.ts';
import { measuredBy } from '../../../../harness/run/probes/needs.ts';
import { known } from '../../../helpers/known.ts';
import { SMALL_PLAN } from '../../../helpers/samples/history.ts';

const measured = (plan: Partial<Plan>) => measuredBy({ ...SMALL_PLAN, faults: [], hypotheses: [], ...plan }, known);

describe('what a run measures for its plan', () => {
  const depth = { name: 'queue_depth', of: 'worker' };

  it('is what hypotheses, stop conditions and charts need, each once', () => {
    const limited = { ...depth, below: 500, during: ['recovery'] };
    const { paramsFor, watched, observers } = measured({
      hypotheses: [{ check: 'series', params: limited, line: 1 }],
      stop_if: [
        { check: 'series', params: { ...depth, above: 900 }, for: 5_000, line: 2 },
        { check: 'series', params: { name: 'running', of: 'postgres', below: 1 }, for: 5_000, line: 3 },
      ],
      charts: [depth, { name: 'replication_lag' }],
    });
    const set = { service: 'worker', metric: 'outbox_pending', name: 'queue_depth', unit: 'count', everyMs: 2_000 };
    expect(paramsFor('exported')).to.deep.equal([set]);
    expect(paramsFor('containers')).to.deep.equal([]);
    expect(watched).to.deep.equal(['postgres-a', 'postgres-b']);
    expect(observers.map(({ id }) => id)).to.have.lengthOf(2);
  });

  it('is what each fault needs, too', () => {
    const { watched, observers } = measuredBy({ ...SMALL_PLAN, hypotheses: [] }, known);
    expect(watched).to.deep.equal(['postgres-a', 'postgres-b']);
    expect(observers).not.to.have.lengthOf(0);
    expect(measured({}).observers).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ofText, select } from '../../../harness/checks/selection.ts';
import { sampleHistory, sampleRows, spanOf } from '../../helpers/sample-history.ts';

describe('the selection of requests', () => {
  it('goes by the planned moment: the first of a phase is in, the first after it is not', () => {
    const { started, ended } = spanOf('fault');
    const rows = sampleRows({ phase: 'fault', count: 1 }).map((row) => ({ ...row, done: row.planned + 60_000 }));
    const at = (planned: number) => rows.map((row) => ({ ...row, planned }))[0]!;
    const history = sampleHistory({ rows: [at(started - 0.001), at(started), at(ended - 0.001), at(ended)] });
    expect(select(history, 'fault', undefined).ok).to.equal(2);
  });

  it('puts latencies into the order in which requests were planned, whatever the order in which they ended', () => {
    const rows = sampleRows({ phase: 'fault', count: 5, ms: (i) => 100 - i });
    const { latencies } = select(sampleHistory({ rows: rows.reverse() }), 'fault', 'all');
    expect(latencies).to.deep.equal([100, 99, 98, 97, 96]);
  });

  it('a request without an end is failed and as slow as the timeout', () => {
    const rows = sampleRows({ phase: 'fault', count: 1, outcome: 'other' }).map((row) => ({ ...row, done: NaN }));
    expect(select(sampleHistory({ rows }), 'fault', undefined)).to.deep.include({
      latencies: [2_000],
      ok: 0,
      failed: 1,
      failures: 'other 1',
    });
  });

  it('knows reads, writes, all and names', () => {
    const rows = sampleRows(
      { phase: 'fault', count: 3, endpoint: 'GET /api/clients' },
      { phase: 'fault', count: 2, endpoint: 'PUT /api/tasks/complete' },
    );
    const history = sampleHistory({ rows });
    const count = (what: string | undefined): number => select(history, 'fault', what).ok;
    expect(['all', undefined, 'reads', 'writes', 'GET /api/clients', 'GET /api/dashboard'].map(count)).to.deep.equal([
      5, 5, 3, 2, 3, 0,
    ]);
    expect([undefined, 'all', 'reads'].map(ofText)).to.deep.equal(['', '', ' of reads']);
  });
});

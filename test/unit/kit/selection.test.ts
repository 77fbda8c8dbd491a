import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ofText, select } from '../../../harness/kit/selection.ts';
import { sampleHistory, sampleRows, spanOf } from '../../helpers/samples/history.ts';

describe('the selection of requests', () => {
  it('goes by the planned time: it includes the first moment of a phase, and excludes the end', () => {
    const { started, ended } = spanOf('fault');
    const rows = sampleRows({ phase: 'fault', count: 1 }).map((row) => ({ ...row, done: row.planned + 60_000 }));
    const at = (planned: number) => rows.map((row) => ({ ...row, planned }))[0]!;
    const history = sampleHistory({ rows: [at(started - 0.001), at(started), at(ended - 0.001), at(ended)] });
    expect(select(history, 'fault', undefined).ok).to.equal(2);
  });

  it('keeps latencies in the order of the planned times, whatever the order in which requests ended', () => {
    const rows = sampleRows({ phase: 'fault', count: 5, ms: (i) => 100 - i });
    const { judged } = select(sampleHistory({ rows: rows.reverse() }), 'fault', 'all').latencies;
    expect([...judged.inOrder]).to.deep.equal([100, 99, 98, 97, 96]);
  });

  it('counts a request without an end as failed and as slow as the timeout', () => {
    const rows = sampleRows({ phase: 'fault', count: 1, outcome: 'other' }).map((row) => ({ ...row, done: NaN }));
    const found = select(sampleHistory({ rows }), 'fault', undefined);
    expect(found).to.include({ ok: 0, failed: 1, failuresText: 'other 1' });
    expect([...found.latencies.judged.inOrder]).to.deep.equal([2_000]);
  });

  it('accepts reads, writes, all and the name of an endpoint', () => {
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

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { loadDocument, readLoad } from '../../../harness/measure/load-folder.ts';
import { temporaryFolder } from '../../helpers/sample-folder.ts';
import { type SampleLoad, writeLoad } from '../../helpers/sample-load-folder.ts';

const T = Date.UTC(2026, 10, 24, 4, 30);
const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

const documentOf = (load: Partial<SampleLoad>) => {
  const dir = writeLoad(temporaryFolder(), { run: 'r', latencies: hundred, ratePerS: 100, ...load });
  return loadDocument(readLoad(dir), dir);
};

describe('the record of a load', () => {
  it('is read back from its events and samples alone', () => {
    const document = documentOf({});
    expect(document).to.include({ verdict: 'MEASURED', exit_code: 0, planned: 100, sent: 100, ok: 100, duration_s: 1 });
    expect(document.latency_ms).to.deep.equal({ p50: 50, p90: 90, p95: 95, p99: 99, max: 100 });
    expect(document.achieved_per_s).to.be.closeTo(100, 0.5);
    expect(document.lag_ms.p99).to.be.closeTo(0.2, 0.01);
    expect(document.judged_ms).to.include({ p95: 95, p95_lower: null, p95_upper: null });
    expect(document.failed_share).to.include({ value: 0, lower: 0 });
    expect(document).not.to.have.property('reason');
  });

  it('that shows a late or a short load proves nothing: exit 4', () => {
    expect(documentOf({ lag: 60 })).to.include({ verdict: 'INCONCLUSIVE', exit_code: 4 });
    expect(documentOf({ lag: 60 }).invalid.map((i) => i.code)).to.deep.equal(['CHAOS_GENERATOR_LAG']);
    expect(documentOf({ latencies: [] }).invalid.map((i) => i.code)).to.deep.equal(['CHAOS_NO_REQUESTS']);
  });

  it('counts what was planned only until someone interrupted it', () => {
    const more = [{ t: T + 1_010, kind: 'interrupted', by: 'SIGINT' } as const];
    const document = documentOf({ more, latencies: [...hundred, ...hundred].slice(0, 100) });
    expect(document).to.include({ verdict: 'INTERRUPTED', exit_code: 130, reason: 'interrupted by SIGINT' });
    expect(document.invalid).to.deep.equal([]);
    expect(documentOf({ more: [{ t: T + 500, kind: 'interrupted', by: 'SIGTERM' }] }).exit_code).to.equal(143);
  });

  it('that just ends is a killed one: its figures stand, with what was in flight', () => {
    const tick = {
      planned: 9,
      sent: 9,
      ok: 2,
      failed: 0,
      dropped: 0,
      in_flight: 7,
      p50_ms: 1,
      p95_ms: 1,
      lag_p99_ms: 1,
      pressure_ok: 0,
      pressure_failed: 0,
    };
    const document = documentOf({ ended: false, more: [{ t: T + 1_000, kind: 'load', ...tick }] });
    expect(document).to.include({
      verdict: 'INTERRUPTED',
      reason: 'the harness was killed',
      ok: 100,
      in_flight: 7,
      planned: 107,
    });
  });

  it('of a generator that died is our error', () => {
    const more = [{ t: T + 500, kind: 'error', code: 'CHAOS_LOAD_FAILED', message: 'out of memory' } as const];
    expect(documentOf({ more, ended: false })).to.include({
      verdict: 'ERROR',
      exit_code: 70,
      reason: 'CHAOS_LOAD_FAILED: out of memory',
    });
  });

  it('is none without a load.started', () => {
    expect(() => readLoad(temporaryFolder())).to.throw(/holds no load/);
  });
});

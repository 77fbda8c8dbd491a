import { expect } from 'chai';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { loadDocument, readLoad } from '../../../../harness/modes/load/load-folder.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';
import { type SampleLoad, writeLoad } from '../../../helpers/samples/load-folder.ts';

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
    expect(document.latency_ms).to.deep.equal({
      population: 'successful',
      p50: 50,
      p90: 90,
      p95: 95,
      p99: 99,
      max: 100,
    });
    expect(document.achieved_per_s).to.be.closeTo(100, 0.5);
    expect(document.lag_ms.p99).to.be.closeTo(0.2, 0.01);
    expect(document.judged_ms).to.include({ population: 'judged', p95: 95, p95_lower: null, p95_upper: null });
    expect(document.failed_share).to.include({ value: 0, lower: 0 });
    expect(document).not.to.have.property('reason');
  });

  it('proves nothing (exit code 4) when it shows late requests or none at all', () => {
    expect(documentOf({ lag: 60 })).to.include({ verdict: 'INCONCLUSIVE', exit_code: 4 });
    expect(documentOf({ lag: 60 }).invalid.map((i) => i.code)).to.deep.equal(['CHAOS_GENERATOR_LAG']);
    expect(documentOf({ latencies: [] }).invalid.map((i) => i.code)).to.deep.equal(['CHAOS_NO_REQUESTS']);
  });

  it('counts planned requests only until somebody interrupted the load', () => {
    const more = [{ t: T + 1_010, kind: 'interrupted', by: 'SIGINT' } as const];
    const document = documentOf({ more, latencies: [...hundred, ...hundred].slice(0, 100) });
    expect(document).to.include({ verdict: 'INTERRUPTED', exit_code: 130, reason: 'interrupted by SIGINT' });
    expect(document.invalid).to.deep.equal([]);
    expect(documentOf({ more: [{ t: T + 500, kind: 'interrupted', by: 'SIGTERM' }] }).exit_code).to.equal(143);
  });

  it('says that the harness was killed when it just ends, and gives its figures and requests in flight', () => {
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

  it('gives ERROR (exit code 70) when the generator died', () => {
    const more = [{ t: T + 500, kind: 'error', code: 'CHAOS_LOAD_FAILED', message: 'out of memory' } as const];
    expect(documentOf({ more, ended: false })).to.include({
      verdict: 'ERROR',
      exit_code: 70,
      reason: 'CHAOS_LOAD_FAILED: out of memory',
    });
  });

  it('says that the harness was killed when nobody closed it, and is refused when it was changed since (case V5)', () => {
    const dir = writeLoad(temporaryFolder(), { run: 'r', latencies: hundred, ratePerS: 100 });
    const seal = readFileSync(join(dir, 'seal.json'));
    rmSync(join(dir, 'seal.json'));
    expect(loadDocument(readLoad(dir), dir)).to.include({ verdict: 'INTERRUPTED', exit_code: 143 });
    writeFileSync(join(dir, 'seal.json'), seal);
    const requests = join(dir, 'samples', 'requests.bin');
    writeFileSync(requests, readFileSync(requests).subarray(0, -13));
    expect(() => readLoad(dir)).to.throw(/requests\.bin has \d+ bytes and had \d+ \(13 are gone\)/);
  });

  it('is refused when it has no event load.started', () => {
    expect(() => readLoad(temporaryFolder())).to.throw(/holds no load/);
  });
});

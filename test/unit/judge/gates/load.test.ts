import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OUTCOMES, type Outcome, SOURCES } from '../../../../harness/core/load/load.ts';
import { requestTable } from '../../../../harness/core/load/samples.ts';
import { loadGates, type OfferedLoad } from '../../../../harness/judge/gates/load.ts';

const SPAN = { started: 1_000, ended: 11_000 };

interface Sent {
  readonly lag?: number;
  readonly outcome?: Outcome;
  readonly source?: 'open' | 'pressure';
}

/** `n` requests, evenly spaced over the span. `of` gives lag (milliseconds), outcome and source of request `i`. */
function load(n: number, of: (i: number) => Sent = () => ({}), more: Partial<OfferedLoad> = {}): OfferedLoad {
  const rows = Array.from({ length: n }, (_, i) => {
    const { lag = 0.3, outcome = 'ok', source = 'open' } = of(i);
    const planned = SPAN.started + (i * (SPAN.ended - SPAN.started)) / n;
    const sent = outcome === 'dropped' ? NaN : planned + lag;
    const common = { planned, sent, firstByte: NaN, done: planned + 20, endpoint: 0, scenario: 0, status: 200 };
    return { ...common, outcome: OUTCOMES.indexOf(outcome), source: SOURCES.indexOf(source), number: i };
  });
  const requests = requestTable(rows, { endpoints: ['GET /'], scenarios: ['s'] });
  return { requests, spans: [SPAN], expected: 1_000, process: 'constant', utilisation: 0.4, ...more };
}

const codes = (offered: OfferedLoad): string[] => loadGates(offered).map((gate) => gate.code);

describe('the gates of a load', () => {
  it('stay open for a load that was offered in time', () => {
    expect(codes(load(1_000))).to.deep.equal([]);
  });

  it('stay open when requests fail, because failures are what a run tests', () => {
    expect(codes(load(1_000, () => ({ outcome: 'refused' })))).to.deep.equal([]);
  });

  it('close with CHAOS_NO_REQUESTS when the judged spans have no request, or only requests of the pressure', () => {
    expect(codes(load(0))).to.deep.equal(['CHAOS_NO_REQUESTS']);
    expect(codes(load(1_000, () => ({ source: 'pressure' })))).to.deep.equal(['CHAOS_NO_REQUESTS']);
    const later = { spans: [{ started: 20_000, ended: 30_000 }] };
    expect(codes(load(1_000, undefined, later))).to.deep.equal(['CHAOS_NO_REQUESTS']);
  });

  it('close with CHAOS_LOAD_SHORT when less than 99 % of the planned requests were offered', () => {
    expect(codes(load(990))).to.deep.equal([]);
    expect(codes(load(989))).to.deep.equal(['CHAOS_LOAD_SHORT']);
    expect(loadGates(load(900))[0]?.message)
      .to.contain('900 of 1000')
      .and.contain('90.0 %');
  });

  it('close with CHAOS_LOAD_DROPPED when a single request was dropped', () => {
    expect(codes(load(1_000, (i) => (i === 7 ? { outcome: 'dropped' } : {})))).to.deep.equal(['CHAOS_LOAD_DROPPED']);
  });

  it('close with CHAOS_GENERATOR_LAG when the 99th percentile of the lag is above 50 ms', () => {
    const late = (share: number, lag: number) => (i: number) => (i % 1_000 < share * 1_000 ? { lag } : {});
    expect(codes(load(1_000, late(0.009, 900)))).to.deep.equal([]);
    expect(codes(load(1_000, late(0.02, 49)))).to.deep.equal([]);
    expect(codes(load(1_000, late(0.02, 51)))).to.deep.equal(['CHAOS_GENERATOR_LAG']);
  });

  it('close with CHAOS_GENERATOR_SATURATED when the event loop was busy for over 90 % of the time', () => {
    expect(codes(load(1_000, undefined, { utilisation: 0.9 }))).to.deep.equal([]);
    expect(codes(load(1_000, undefined, { utilisation: 0.91 }))).to.deep.equal(['CHAOS_GENERATOR_SATURATED']);
    expect(codes(load(1_000, undefined, { utilisation: undefined }))).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OUTCOMES, type Outcome, SOURCES } from '../../../harness/core/load/load.ts';
import { requestTable } from '../../../harness/core/load/samples.ts';
import { loadGates, type OfferedLoad } from '../../../harness/engine/load-gates.ts';

const SPAN = { started: 1_000, ended: 11_000 };

interface Sent {
  readonly lag?: number;
  readonly outcome?: Outcome;
  readonly source?: 'open' | 'pressure';
}

/** `n` requests, evenly over the span, all as `of` says. */
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
  it('are green over a load that was offered in time', () => {
    expect(codes(load(1_000))).to.deep.equal([]);
  });

  it('failures are no invalidity: they are what is tested', () => {
    expect(codes(load(1_000, () => ({ outcome: 'refused' })))).to.deep.equal([]);
  });

  it('CHAOS_NO_REQUESTS: nothing was offered, or pressure only, or only outside of what is judged', () => {
    expect(codes(load(0))).to.deep.equal(['CHAOS_NO_REQUESTS']);
    expect(codes(load(1_000, () => ({ source: 'pressure' })))).to.deep.equal(['CHAOS_NO_REQUESTS']);
    const later = { spans: [{ started: 20_000, ended: 30_000 }] };
    expect(codes(load(1_000, undefined, later))).to.deep.equal(['CHAOS_NO_REQUESTS']);
  });

  it('CHAOS_LOAD_SHORT: less than 99 % of the plan', () => {
    expect(codes(load(990))).to.deep.equal([]);
    expect(codes(load(989))).to.deep.equal(['CHAOS_LOAD_SHORT']);
    expect(loadGates(load(900))[0]?.message)
      .to.contain('900 of 1000')
      .and.contain('90.0 %');
  });

  it('CHAOS_LOAD_DROPPED: a single one', () => {
    expect(codes(load(1_000, (i) => (i === 7 ? { outcome: 'dropped' } : {})))).to.deep.equal(['CHAOS_LOAD_DROPPED']);
  });

  it('CHAOS_GENERATOR_LAG: the 99th percentile above 50 ms, whatever a few are', () => {
    const late = (share: number, lag: number) => (i: number) => (i % 1_000 < share * 1_000 ? { lag } : {});
    expect(codes(load(1_000, late(0.009, 900)))).to.deep.equal([]);
    expect(codes(load(1_000, late(0.02, 49)))).to.deep.equal([]);
    expect(codes(load(1_000, late(0.02, 51)))).to.deep.equal(['CHAOS_GENERATOR_LAG']);
  });

  it('CHAOS_GENERATOR_SATURATED: its event loop was busy for more than 90 % of the time', () => {
    expect(codes(load(1_000, undefined, { utilisation: 0.9 }))).to.deep.equal([]);
    expect(codes(load(1_000, undefined, { utilisation: 0.91 }))).to.deep.equal(['CHAOS_GENERATOR_SATURATED']);
    expect(codes(load(1_000, undefined, { utilisation: undefined }))).to.deep.equal([]);
  });
});

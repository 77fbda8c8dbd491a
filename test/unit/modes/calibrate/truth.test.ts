import { expect } from 'chai';
import { describe, it } from 'mocha';
import { figuresOf } from '../../../../harness/modes/calibrate/figure.ts';
import type { StubLog } from '../../../../harness/modes/calibrate/stub.ts';
import {
  arrivalRate,
  dueWithin,
  frozenLatencies,
  fullestSlotPercent,
  loggedLatencies,
  percentileOf,
} from '../../../../harness/modes/calibrate/truth.ts';

const logOf = (arrivals: readonly number[]): StubLog => ({
  requests: arrivals.map((arrived, i) => ({ id: String(i), did: 'answered', arrived, ended: arrived })),
  spans: [],
});

describe('the truth of a calibration', () => {
  it('has a p95 of 1.0 s and a p99 of 1.8 s for a freeze of 2 s in 20 s at 300 requests a second', () => {
    const truth = frozenLatencies({ did: 'froze', from: 8_000, until: 10_000 }, 0, 300, 20_000, 5);
    expect(truth.length).to.equal(6_000);
    expect(truth.filter((ms) => ms > 6).length).to.be.closeTo(600, 1);
    expect(percentileOf(truth, 50)).to.equal(5);
    expect(percentileOf(truth, 95)).to.be.closeTo(1_000, 10);
    expect(percentileOf(truth, 99)).to.be.closeTo(1_800, 10);
    expect(percentileOf(truth, 100)).to.be.closeTo(2_005, 4);
  });

  it('takes latencies from the log, each from the moment at which the request with its number was due', () => {
    const served = (n: number, late: number, tookMs: number) => {
      const arrived = 1_000 + n * 10 + late;
      return { id: `run-${n}`, did: 'answered', arrived, ended: arrived + tookMs } as const;
    };
    const requests = [served(2, 30, 5), served(0, 2, 5), served(1, 1, 100)];
    expect(loggedLatencies({ requests, spans: [] }, 100)).to.deep.equal([34, 6, 100]);
  });

  it('has 900 requests due in an outage of 3 s at 300 requests a second', () => {
    expect(dueWithin({ did: 'refused', from: 500, until: 3_500 }, 300)).to.equal(900);
  });

  it('has 1 % of the requests of a second in the fullest 10 ms of an even stream, and 100 % with bursts', () => {
    const even = Array.from({ length: 3_001 }, (_, i) => i + 0.5);
    expect(fullestSlotPercent(logOf(even))).to.be.closeTo(1, 0.1);
    expect(arrivalRate(logOf(even))).to.equal(1_000);
    const bursts = Array.from({ length: 3_001 }, (_, i) => Math.floor(i / 1_000) * 1_000 + (i % 1_000) / 200);
    expect(fullestSlotPercent(logOf(bursts))).to.equal(100);
    expect(Number.isNaN(fullestSlotPercent(logOf([])))).to.equal(true);
  });
});

describe('a figure of a calibration', () => {
  const { exactly, near, within, atMost } = figuresOf('case');

  it('is right within its tolerance, or up to its limit', () => {
    expect(exactly('n', 100, 100)).to.deep.equal({
      case: 'case',
      figure: 'n',
      unit: '',
      truth: 100,
      measured: 100,
      tolerance: 0,
      ok: true,
    });
    expect(exactly('n', 100, 99).ok).to.equal(false);
    expect([near('p95', 'ms', 1_000, 1_050, 0.05).ok, near('p95', 'ms', 1_000, 1_051, 0.05).ok]).to.deep.equal([
      true,
      false,
    ]);
    expect([within('p50', 'ms', 100, 97, 3).ok, within('p50', 'ms', 100, 96, 3).ok]).to.deep.equal([true, false]);
    expect([atMost('late', 'ms', 5, 5).ok, atMost('late', 'ms', 5, 5.1).ok]).to.deep.equal([true, false]);
  });

  it('is wrong when it was not measured', () => {
    expect([exactly('n', NaN, 0).ok, near('p', 'ms', 1, NaN, 1).ok, atMost('late', 'ms', 5, NaN).ok]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });
});

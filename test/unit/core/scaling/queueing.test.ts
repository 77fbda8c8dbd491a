import { expect } from 'chai';
import { describe, it } from 'mocha';
import { erlangC, wait95 } from '../../../../harness/core/scaling/queueing.ts';
import { seededRandom } from '../../../../harness/core/random.ts';

describe('the formulas of a queue', () => {
  it("give the values of Erlang's tables", () => {
    expect(erlangC(1, 0.5)).to.be.closeTo(0.5, 1e-12);
    expect(erlangC(2, 1)).to.be.closeTo(1 / 3, 1e-12);
    expect(erlangC(10, 8)).to.be.closeTo(0.4092, 1e-4);
    expect(erlangC(100, 90)).to.be.closeTo(0.217, 1e-3);
    expect(erlangC(3, 3)).to.equal(1);
    expect(erlangC(1_000, 10)).to.be.closeTo(0, 1e-12);
  });

  it('give the wait of 95 % of the requests, none when few wait, and no end when too many come', () => {
    // One server, half busy: P(W > t) = 0.5 e^-0.5t for a service of 1 s.
    expect(wait95(1, 0.5, 1)).to.be.closeTo(Math.log(10) / 0.5, 1e-9);
    expect(wait95(10, 1, 0.1)).to.equal(0);
    expect(wait95(2, 0, 1)).to.equal(0);
    expect(wait95(2, 2, 1)).to.equal(Infinity);
  });

  it('agree with a queue that is simulated request by request', () => {
    const random = seededRandom(3);
    const exponential = (mean: number): number => -mean * Math.log(1 - random());
    const [servers, rate, service, count] = [4, 34, 0.1, 60_000];
    const free = Array.from({ length: servers }, () => 0);
    const waits: number[] = [];
    let t = 0;
    for (let i = 0; i < count; i += 1) {
      t += exponential(1 / rate);
      const next = free.indexOf(Math.min(...free));
      const begins = Math.max(t, free[next] ?? 0);
      waits.push(begins - t);
      free[next] = begins + exponential(service);
    }
    const p95 = waits.toSorted((a, b) => a - b)[Math.floor(0.95 * count)] ?? NaN;
    expect(wait95(servers, rate, service)).to.be.closeTo(p95, 0.1 * p95);
  });
});

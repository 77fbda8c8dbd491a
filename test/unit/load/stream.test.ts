import { expect } from 'chai';
import { describe, it } from 'mocha';
import { constantRate, plannedWithin, type Arrivals } from '../../../harness/core/load/arrivals.ts';
import { arrivalLoad, userLoad } from '../../../harness/core/load/plan.ts';
import type { LoadPlan } from '../../../harness/core/load/load.ts';
import { planStream } from '../../../harness/load/plan-stream.ts';
import { Schedule } from '../../../harness/load/stream.ts';
import { WORKLOAD } from './workload.ts';

const SHAPE: Arrivals['stages'] = [
  { ms: 2_000, from: 0, to: 100 },
  { ms: 0, from: 100, to: 400 },
  { ms: 1_000, from: 400, to: 400 },
  { ms: 1_000, from: 0, to: 0 },
  { ms: 2_000, from: 200, to: 0 },
];

function dues(schedule: Schedule): number[] {
  const found: number[] = [];
  for (; schedule.due !== Infinity; schedule.advance()) found.push(schedule.due);
  return found;
}
const within = (times: readonly number[], from: number, to: number): number =>
  times.filter((at) => at >= from && at < to).length;

/** Every planned moment and every request of a load plan, as bytes. `n` is the number of requests. */
function written(plan: LoadPlan, seed: number, limitMs: number): { readonly n: number; readonly bytes: Buffer } {
  const stream = planStream(plan, { seed, prefix: 'run-', limitMs });
  const times: number[] = [];
  const requests: string[] = [];
  while (stream.due !== Infinity) {
    times.push(stream.due);
    const { spec, path, body, key, token } = stream.take();
    requests.push(JSON.stringify([spec.name, path, body, key, token]));
  }
  return {
    n: times.length,
    bytes: Buffer.concat([Buffer.from(Float64Array.from(times).buffer), Buffer.from(requests.join('\n'))]),
  };
}

describe('the schedule', () => {
  it('is evenly spaced at a constant rate, from 0 to its bound', () => {
    const times = dues(new Schedule(constantRate(300), 20_000, 1));
    expect(times).to.have.length(6_000);
    times.forEach((at, i) => expect(at).to.be.closeTo((i * 1_000) / 300, 1e-6));
  });

  it('follows the integral of any shape of rates, to within one request', () => {
    const arrivals: Arrivals = { process: 'constant', stages: SHAPE };
    const times = dues(new Schedule(arrivals, 10_000, 1));
    for (let from = 0; from < 10_000; from += 250) {
      const planned = plannedWithin(arrivals, from, from + 250);
      expect(within(times, from, from + 250), `from ${from}`).to.be.closeTo(planned, 1.001);
    }
    expect(within(times, 3_000, 4_000), 'a pause').to.equal(0);
    expect(times.every((at, i) => i === 0 || at > (times[i - 1] ?? 0))).to.equal(true);
    expect(times.length).to.be.closeTo(plannedWithin(arrivals, 0, 10_000), 1);
  });

  it('can be a Poisson process: mean and variance of the counts agree, and gaps are exponential', () => {
    const times = dues(new Schedule(constantRate(1_000, 'poisson'), 60_000, 7));
    expect(times.length).to.be.within(60_000 - 4 * 245, 60_000 + 4 * 245);
    const counts = Array.from({ length: 600 }, () => 0);
    for (const at of times) counts[Math.floor(at / 100)]! += 1;
    const mean = times.length / 600;
    const variance = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 599;
    expect(variance / mean).to.be.within(0.8, 1.2);
    const long = times.filter((at, i) => at - (times[i - 1] ?? 0) > 1).length / times.length;
    expect(long).to.be.closeTo(Math.exp(-1), 0.01);
  });

  it('is the same for the same seed, byte for byte, and differs for another seed', () => {
    const plans = [
      arrivalLoad(WORKLOAD, { process: 'poisson', stages: SHAPE }, 1_000),
      arrivalLoad(WORKLOAD, constantRate(500), 1_000),
      userLoad(WORKLOAD, { count: 2_000, rampUpMs: 3_000 }, 1_000),
    ];
    for (const plan of plans) {
      const once = written(plan, 42, 10_000);
      expect(once.n).to.be.greaterThan(500);
      expect(once.bytes.equals(written(plan, 42, 10_000).bytes)).to.equal(true);
      expect(once.bytes.equals(written(plan, 43, 10_000).bytes)).to.equal(false);
    }
  });
});

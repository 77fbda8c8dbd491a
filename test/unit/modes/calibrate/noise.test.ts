import { Latencies } from '../../../../harness/core/record/latencies.ts';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { noiseOf } from '../../../../harness/modes/calibrate/noise.ts';
import { seededRandom } from '../../../../harness/core/random.ts';
import { meanBounds, differenceBounds } from '../../../../harness/core/stats.ts';
import type { Sample } from '../../../../harness/modes/compare/compare.ts';

const run = (ms: number, failed = 0): Sample => ({
  latencies: new Latencies('judged', new Float64Array(100).fill(ms)),
  failures: Uint8Array.from({ length: 100 }, (_, i) => (i < failed ? 1 : 0)),
});

describe('the noise of an experiment', () => {
  it('is the standard deviation between runs, and gives the smallest effect that can be found', () => {
    const [p50, , , failed] = noiseOf([run(10), run(12), run(11), run(13), run(14, 10)]);
    expect(p50).to.deep.include({ figure: 'p50', values: [10, 12, 11, 13, 14], mean: 12 });
    expect(p50?.sd).to.be.closeTo(Math.sqrt(2.5), 1e-12);
    // Student's t with 4 degrees of freedom: 2.1318 at 95 %, 0.9410 at 80 %.
    const one = (2.1318 + 0.941) * Math.sqrt(2.5) * Math.SQRT2;
    expect(p50?.smallest_effects[0]?.effect).to.be.closeTo(one, 0.001);
    expect(p50?.smallest_effects[0]?.share).to.be.closeTo(one / 12, 0.001);
    expect(p50?.smallest_effects.map((e) => e.runs_a_side)).to.deep.equal([1, 3, 5, 10]);
    expect(p50?.smallest_effects[3]?.effect).to.be.closeTo(one / Math.sqrt(10), 0.001);
    expect(failed?.mean).to.be.closeTo(0.02, 1e-12);
  });

  it('gives no relative effect when nothing ever failed, and no effect at all from a single run', () => {
    const [effect] = noiseOf([run(10), run(10)])[3]?.smallest_effects ?? [];
    // Without a failure in 100 requests, a share of up to 3 % is possible: 1 - 0.05 ^ (1 / 100).
    expect(effect?.effect).to.be.closeTo(1 - 0.05 ** 0.01, 1e-9);
    expect(effect?.share).to.equal(null);
    expect(Number.isNaN(noiseOf([run(10)])[0]?.smallest_effects[0]?.effect)).to.equal(true);
  });

  it('gives an effect that a comparison of runs then finds about as often as stated', () => {
    const random = seededRandom(11);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let found = 0;
    for (let i = 0; i < 400; i += 1) {
      const sides = Array.from({ length: 10 }, normal);
      const effect =
        noiseOf(sides.map((x) => run(100 + x)))[0]?.smallest_effects.find((e) => e.runs_a_side === 10)?.effect ?? NaN;
      const a = meanBounds(Array.from({ length: 10 }, normal))!;
      const b = meanBounds(Array.from({ length: 10 }, () => normal() + effect))!;
      if (differenceBounds(a, b).lower > 0) found += 1;
    }
    expect(found / 400).to.be.within(0.7, 0.9);
  });
});

import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import { type Elasticity, elasticityOf, type Level } from '../../../../harness/core/scaling/elasticity.ts';
import { ROOT } from '../../../helpers/chaos.ts';

const curve = (...levels: readonly (readonly [seconds: number, instances: number])[]): Level[] =>
  levels.map(([seconds, instances]) => ({ t: seconds * 1_000, instances }));

describe('elasticity', () => {
  it('is nothing when the supply is always the demand', () => {
    const same = curve([0, 3], [10, 8], [50, 3]);
    expect(elasticityOf(same, same, 0, 60_000)).to.deep.equal({
      accuracy: { under: 0, over: 0 },
      timeshare: { under: 0, over: 0 },
      jitter: 0,
      instability: 0,
    });
  });

  it('counts what was missing and what was too many, and for how long', () => {
    // 5 are missing from 10 s to 20 s, and 5 too many from 50 s to 60 s.
    const found = elasticityOf(curve([0, 3], [20, 8]), curve([0, 3], [10, 8], [50, 3]), 0, 100_000);
    expect(found.accuracy).to.deep.equal({ under: 0.5, over: 2.5 });
    expect(found.timeshare).to.deep.equal({ under: 0.1, over: 0.5 });
    expect(found.jitter).to.be.closeTo(-0.6, 1e-12);
  });

  it('has jitter when the supply changes and the demand does not', () => {
    const flapping = curve([0, 3], [10, 4], [20, 3], [30, 4], [40, 3]);
    const { jitter, instability } = elasticityOf(flapping, curve([0, 3]), 0, 60_000);
    expect(jitter).to.equal(4);
    expect(instability).to.be.closeTo(40 / 60, 1e-12);
  });

  it('takes levels that repeat for no change, and of two levels at one moment the last', () => {
    const plain = elasticityOf(curve([0, 3], [10, 5]), curve([0, 4]), 0, 20_000);
    expect(elasticityOf(curve([0, 3], [5, 3], [10, 9], [10, 5], [15, 5]), curve([0, 4]), 0, 20_000)).to.deep.equal(
      plain,
    );
  });

  it('looks only at the time that is asked for', () => {
    const found = elasticityOf(curve([0, 9], [10, 3], [90, 9]), curve([0, 3]), 10_000, 90_000);
    expect(found).to.deep.include({ accuracy: { under: 0, over: 0 }, jitter: 0, instability: 0 });
  });

  it('refuses curves that say nothing about the beginning, and no time', () => {
    expect(() => elasticityOf([], curve([0, 3]), 0, 1_000)).to.throw(RangeError, 'begin before');
    expect(() => elasticityOf(curve([1, 3]), curve([0, 3]), 0, 2_000)).to.throw(RangeError, 'begin before');
    expect(() => elasticityOf(curve([0, 3]), curve([0, 3]), 5, 5)).to.throw(RangeError, 'a time');
  });

  it('is within 1 % of a second implementation over 20 made-up traces', function () {
    // Set-up does not install Python, because nothing else needs it.
    if (spawnSync('python3', ['--version']).error !== undefined) this.skip();
    const random = seededRandom(7);
    const made = (changes: number): Level[] => {
      const moments = Array.from({ length: changes }, () => 100 * Math.floor(random() * 1_800));
      return [0, ...moments.toSorted((a, b) => a - b)].map((t) => ({ t, instances: 3 + Math.floor(random() * 48) }));
    };
    const traces = Array.from({ length: 20 }, (_, i) => ({
      supply: made(i),
      demand: made(20 - i),
      from: 0,
      until: 180_000,
    }));
    const pairs = (levels: readonly Level[]): number[][] => levels.map(({ t, instances }) => [t, instances]);
    const input = traces.map((trace) => ({ ...trace, supply: pairs(trace.supply), demand: pairs(trace.demand) }));
    const script = join(ROOT, 'test/helpers/elasticity.py');
    const said = execFileSync('python3', [script], { input: JSON.stringify(input), encoding: 'utf8' });
    const second = JSON.parse(said) as Elasticity[];
    const flat = ({ accuracy, timeshare, jitter, instability }: Elasticity): number[] => [
      accuracy.under,
      accuracy.over,
      timeshare.under,
      timeshare.over,
      jitter,
      instability,
    ];
    expect(second).to.have.length(traces.length);
    traces.forEach(({ supply, demand, from, until }, i) => {
      const first = flat(elasticityOf(supply, demand, from, until));
      flat(second[i]!).forEach((value, k) => {
        expect(Math.abs(value - first[k]!), `trace ${i}, figure ${k}`).to.be.at.most(0.01 * Math.abs(value) + 1e-9);
      });
      expect(Math.max(...first), `trace ${i}`).to.be.greaterThan(0);
    });
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../harness/core/random.ts';
import { compare, type Finding, overall, type Sample, type Scope } from '../../../harness/measure/compare.ts';
import { independentLatencies, queueLatencies } from '../../helpers/queue.ts';

const sample = (latencies: readonly number[], failEvery = 0): Sample => ({
  latencies: Float64Array.from(latencies),
  failures: Uint8Array.from(latencies, (_, i) => (failEvery > 0 && i % failEvery === 0 ? 1 : 0)),
});
const scope = (a: readonly Sample[], b: readonly Sample[]): Scope => ({ phase: 'load', endpoint: undefined, a, b });
const findings = (runs: number, make: (run: number) => Scope): Record<Finding, number> => {
  const counts = { slower: 0, faster: 0, 'no difference': 0, 'too little evidence': 0 };
  for (let run = 0; run < runs; run += 1) counts[overall(compare([make(run)], { least: 0.1 }))] += 1;
  return counts;
};

/** Latencies of a seed's queue: made once, several tests compare them. */
const queues = new Map<string, readonly number[]>();
function queueOf(seed: number, seconds: number): readonly number[] {
  const key = `${seed} ${seconds}`;
  const made = queues.get(key) ?? queueLatencies(seededRandom(seed), 300 * seconds, 1_000 / 600, 0.5);
  queues.set(key, made);
  return made;
}
/** One minute at 300 a second over a queue that is busy for half of the time. */
const queue = (seed: number, slowdown = 1, seconds = 60): Sample =>
  sample(queueOf(seed, seconds).map((ms) => ms * 5 * slowdown));
const steady = (seed: number, slowdown = 1): Sample =>
  sample(independentLatencies(seededRandom(seed), 6_000, 20 * slowdown));

describe('comparison of two loads', function () {
  this.timeout(60_000);

  it('p95 alone, without a least change: about as many false alarms as promised, on a queue', () => {
    // 20 % shared out to four comparisons: 5 % for this one.
    let alarms = 0;
    for (let run = 0; run < 80; run += 1) {
      const found = compare([scope([queue(run * 2 + 1)], [queue(run * 2 + 2)])], { least: 0, alpha: 0.2 });
      if (found.find((c) => c.metric === 'p95')?.finding === 'slower') alarms += 1;
    }
    expect(alarms / 80).to.be.within(0.006, 0.1);
  });

  for (const [name, make] of [
    ['independent latencies', steady],
    ['a queue', queue],
  ] as const) {
    it(`A/A on ${name}: hardly any false alarm`, () => {
      const found = findings(80, (run) => scope([make(run * 2 + 1)], [make(run * 2 + 2)]));
      expect(found.slower / 80).to.be.at.most(0.05);
      expect(found.faster / 80).to.be.at.most(0.05);
      expect(found['no difference'] / 80).to.be.at.least(0.7);
    });

    it(`sees a slowdown of 20 % on ${name}`, () => {
      const found = findings(40, (run) => scope([make(run * 2 + 1)], [make(run * 2 + 2, 1.2)]));
      expect(found.slower / 40).to.be.at.least(0.8);
    });
  }

  it('with several runs a side takes runs as the unit: what differs from run to run is no alarm', () => {
    // Each run is faster or slower as a whole by some percent.
    const run = (seed: number, slowdown = 1): Sample =>
      steady(seed, slowdown * Math.exp(0.08 * (seededRandom(seed * 7)() - 0.5)));
    const side = (from: number, slowdown = 1): Sample[] => Array.from({ length: 5 }, (_, i) => run(from + i, slowdown));
    const same = findings(80, (n) => scope(side(n * 20), side(n * 20 + 10)));
    expect(same.slower / 80).to.be.at.most(0.05);
    const slower = findings(40, (n) => scope(side(n * 20), side(n * 20 + 10, 1.2)));
    expect(slower.slower / 40).to.be.at.least(0.8);
  });

  it('finds more errors, and says when there is too little to tell', () => {
    const few = (n: number, failEvery = 0): Sample =>
      sample(independentLatencies(seededRandom(n), 6_000, 20), failEvery);
    const [, , , errors] = compare([scope([few(1)], [few(2, 50)])], { least: 0.1 });
    expect(errors).to.include({ metric: 'errors', a: 0, b: 0.02, finding: 'slower' });
    const short = compare([scope([sample([1, 2, 3])], [sample([4, 5, 6])])], { least: 0.1 });
    expect(overall(short)).to.equal('too little evidence');
    expect(short.find((c) => c.metric === 'p95')).to.include({ change: null, finding: 'too little evidence' });
    expect(overall([])).to.equal('too little evidence');
  });

  it('an endpoint of few requests raises an alarm and withholds none', () => {
    const all = scope([steady(1)], [steady(2)]);
    const one = (slowdown: number): Scope => ({ ...scope([steady(3)], [steady(4, slowdown)]), endpoint: 'GET /a' });
    const thin: Scope = { ...scope([sample([1])], [sample([1])]), endpoint: 'GET /b' };
    expect(overall(compare([all, one(1), thin], { least: 0.1 }))).to.equal('no difference');
    expect(overall(compare([all, one(1.5), thin], { least: 0.1 }))).to.equal('slower');
  });
});

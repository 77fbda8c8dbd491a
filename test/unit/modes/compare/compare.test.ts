import { Latencies } from '../../../../harness/core/record/latencies.ts';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import { compare, type Finding, overall, type Sample, type Scope } from '../../../../harness/modes/compare/compare.ts';
import { differingRun } from '../../../helpers/doubles/differing-run.ts';
import { independentLatencies, queueLatencies } from '../../../helpers/doubles/queue.ts';

const sample = (latencies: readonly number[], failEvery = 0): Sample => ({
  latencies: new Latencies('judged', latencies),
  failures: Uint8Array.from(latencies, (_, i) => (failEvery > 0 && i % failEvery === 0 ? 1 : 0)),
});
const scope = (a: readonly Sample[], b: readonly Sample[]): Scope => ({ phase: 'load', endpoint: undefined, a, b });
const findings = (runs: number, make: (run: number) => Scope): Record<Finding, number> => {
  const counts = { slower: 0, faster: 0, 'no difference': 0, 'too little evidence': 0 };
  for (let run = 0; run < runs; run += 1) counts[overall(compare([make(run)], { least: 0.1 }))] += 1;
  return counts;
};

/** The latencies of the queue of each seed. They are made once, because several tests compare them. */
const queues = new Map<string, readonly number[]>();
function queueOf(seed: number, seconds: number): readonly number[] {
  const key = `${seed} ${seconds}`;
  const made = queues.get(key) ?? queueLatencies(seededRandom(seed), 300 * seconds, 1_000 / 600, 0.5);
  queues.set(key, made);
  return made;
}
/** One minute at 300 requests a second through a queue that is busy for half of the time. */
const queue = (seed: number, slowdown = 1, seconds = 60): Sample =>
  sample(queueOf(seed, seconds).map((ms) => ms * 5 * slowdown));
const steady = (seed: number, slowdown = 1): Sample =>
  sample(independentLatencies(seededRandom(seed), 6_000, 20 * slowdown));

describe('the comparison of two loads', function () {
  this.timeout(60_000);

  it('raises about as many false alarms as promised, for p95 alone on a queue and without a least change', () => {
    // 20 % are divided among four comparisons: 5 % for this comparison.
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
    it(`raises hardly any false alarm for two equal loads (A/A) with ${name}`, () => {
      const found = findings(80, (run) => scope([make(run * 2 + 1)], [make(run * 2 + 2)]));
      expect(found.slower / 80).to.be.at.most(0.05);
      expect(found.faster / 80).to.be.at.most(0.05);
      expect(found['no difference'] / 80).to.be.at.least(0.7);
    });

    it(`finds a slowdown of 20 % with ${name}`, () => {
      const found = findings(40, (run) => scope([make(run * 2 + 1)], [make(run * 2 + 2, 1.2)]));
      expect(found.slower / 40).to.be.at.least(0.8);
    });
  }

  it('takes runs as the unit when each side has several, so that noise between runs raises no alarm', () => {
    // Each run as a whole is faster or slower by some percent.
    const run = (seed: number, slowdown = 1): Sample =>
      steady(seed, slowdown * Math.exp(0.08 * (seededRandom(seed * 7)() - 0.5)));
    const side = (from: number, slowdown = 1): Sample[] => Array.from({ length: 5 }, (_, i) => run(from + i, slowdown));
    const same = findings(80, (n) => scope(side(n * 20), side(n * 20 + 10)));
    expect(same.slower / 80).to.be.at.most(0.05);
    const slower = findings(40, (n) => scope(side(n * 20), side(n * 20 + 10, 1.2)));
    expect(slower.slower / 40).to.be.at.least(0.8);
  });

  for (const runs of [2, 3, 5])
    it(`raises hardly any false alarm over all figures with ${runs} runs a side that differ by themselves (case V9)`, () => {
      const random = seededRandom(runs);
      const run = (): Sample => {
        const { latencies, failures } = differingRun(random);
        return { latencies: new Latencies('judged', latencies), failures };
      };
      const side = (): Sample[] => Array.from({ length: runs }, run);
      let [any, pooled] = [0, 0];
      for (let draw = 0; draw < 120; draw += 1) {
        const [a, b] = [side(), side()];
        const found = compare([scope(a, b)], { least: 0.1 });
        if (found.some(({ finding }) => finding === 'slower' || finding === 'faster')) any += 1;
        const joined = (of: Sample[]): Sample => ({
          latencies: of[0]!.latencies,
          failures: Uint8Array.from(of.flatMap(({ failures }) => [...failures])),
        });
        const [, , , errors] = compare([scope([joined(a)], [joined(b)])], { least: 0.1 });
        if (errors?.finding === 'slower' || errors?.finding === 'faster') pooled += 1;
      }
      // 120 draws of 5 % are at most 11 % (three standard deviations).
      expect((any / 120) * 100, 'any figure').to.be.at.most(11);
      expect((pooled / 120) * 100, 'errors, if requests were the unit').to.be.above(15);
    });

  it('is as careful with runs in which nothing failed as with their requests together', () => {
    const run = (failEvery = 0): Sample => sample(independentLatencies(seededRandom(3), 300, 20), failEvery);
    const [, , , errors] = compare([scope([run(), run()], [run(), run()])], { least: 0.1 });
    expect(errors).to.include({ a: 0, b: 0, finding: 'too little evidence' });
    expect(errors?.change?.upper).to.be.above(0.005);
  });

  it('finds more errors, and says when there is too little evidence', () => {
    const few = (n: number, failEvery = 0): Sample =>
      sample(independentLatencies(seededRandom(n), 6_000, 20), failEvery);
    const [, , , errors] = compare([scope([few(1)], [few(2, 50)])], { least: 0.1 });
    expect(errors).to.include({ metric: 'errors', a: 0, b: 0.02, finding: 'slower' });
    const short = compare([scope([sample([1, 2, 3])], [sample([4, 5, 6])])], { least: 0.1 });
    expect(overall(short)).to.equal('too little evidence');
    expect(short.find((c) => c.metric === 'p95')).to.include({ change: null, finding: 'too little evidence' });
    expect(overall([])).to.equal('too little evidence');
  });

  it('raises an alarm for a single endpoint, and ignores an endpoint with too few requests', () => {
    const all = scope([steady(1)], [steady(2)]);
    const one = (slowdown: number): Scope => ({ ...scope([steady(3)], [steady(4, slowdown)]), endpoint: 'GET /a' });
    const thin: Scope = { ...scope([sample([1])], [sample([1])]), endpoint: 'GET /b' };
    expect(overall(compare([all, one(1), thin], { least: 0.1 }))).to.equal('no difference');
    expect(overall(compare([all, one(1.5), thin], { least: 0.1 }))).to.equal('slower');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { KneeSearch } from '../../../../harness/core/capacity/knee.ts';
import {
  judgeStep,
  leaveRule,
  type Objective,
  type StepEvidence,
  stepMs,
} from '../../../../harness/core/capacity/step.ts';
import type { LoadTick } from '../../../../harness/core/load/load.ts';
import { exponential, seededRandom } from '../../../../harness/core/random.ts';

const OBJECTIVE: Objective = { p95Ms: 200, errors: 0.01 };
const TIMEOUT_MS = 5_000;

interface Sample {
  readonly all: number;
  readonly slow?: number;
  readonly failed?: number;
  readonly generator?: readonly string[];
}

/** A step of good requests, of which some are slow and some fail, evenly among the others. */
function evidence({ all, slow = 0, failed = 0, generator = [] }: Sample): StepEvidence {
  const is = (i: number, some: number): boolean => Math.floor((i * some) / all) < Math.floor(((i + 1) * some) / all);
  const failures = Array.from({ length: all }, (_, i) => (is(i, failed) ? 1 : 0));
  const latenciesMs = failures.map((f, i) => (f === 1 ? TIMEOUT_MS : is(all - 1 - i, slow) ? 300 : 20 + (i % 7)));
  return { latenciesMs, failures, generator };
}

const TICK: LoadTick = {
  t: 0,
  planned: 100,
  sent: 100,
  ok: 100,
  failed: 0,
  dropped: 0,
  in_flight: 2,
  p50_ms: 20,
  p95_ms: 60,
  lag_p99_ms: 1,
  pressure_ok: 0,
  pressure_failed: 0,
};

describe('the verdict about a step', () => {
  const JUDGED: readonly (readonly [what: string, step: Sample, verdict: string])[] = [
    ['all requests are good', { all: 1_000 }, 'carries'],
    ['3 % are slow', { all: 2_000, slow: 60 }, 'carries'],
    ['8 % are slow', { all: 2_000, slow: 160 }, 'does not carry: latency'],
    ['5 % are slow', { all: 2_000, slow: 100 }, 'cannot tell'],
    ['3 % fail', { all: 2_000, failed: 60 }, 'does not carry: errors'],
    ['1 % fails', { all: 2_000, failed: 20 }, 'cannot tell'],
    ['there are too few requests', { all: 150 }, 'cannot tell'],
    ['there are none', { all: 0 }, 'cannot tell'],
    ['the generator was late, and the answers too', { all: 1_000, slow: 900, generator: ['late'] }, 'generator'],
  ];
  for (const [what, step, verdict] of JUDGED)
    it(`is "${verdict}" when ${what}`, () => {
      const judged = judgeStep(OBJECTIVE, evidence(step));
      expect(judged.verdict + ('broke' in judged ? `: ${judged.broke}` : ''), judged.observed).to.equal(verdict);
    });

  it('names processors or a pool that were used up, after errors and latency', () => {
    const good = judgeStep(OBJECTIVE, { ...evidence({ all: 1_000 }), exceeded: ['cpu'] });
    expect(good).to.deep.include({ verdict: 'does not carry', broke: 'cpu', over: ['cpu'] });
    const slow = judgeStep(OBJECTIVE, { ...evidence({ all: 2_000, slow: 160 }), exceeded: ['pool'] });
    expect(slow).to.deep.include({ verdict: 'does not carry', broke: 'latency', over: ['pool', 'latency'] });
    const late = judgeStep(OBJECTIVE, { ...evidence({ all: 1_000, generator: ['late'] }), exceeded: ['cpu'] });
    expect(late.verdict).to.equal('generator');
  });

  it('says which limits are exceeded by the measured values alone', () => {
    expect(judgeStep(OBJECTIVE, evidence({ all: 2_000, slow: 110 })).over).to.deep.equal(['latency']);
    expect(judgeStep(OBJECTIVE, evidence({ all: 2_000, slow: 90 })).over).to.deep.equal([]);
    expect(judgeStep(OBJECTIVE, evidence({ all: 2_000, failed: 21 })).over).to.deep.equal(['errors']);
  });

  it('says its figures', () => {
    const { observed } = judgeStep(OBJECTIVE, evidence({ all: 1_000, failed: 1, generator: ['it was late'] }));
    expect(observed).to.match(/^p95 26 ms \(26 ms to 26 ms\), errors 0\.1 % \(at most 0\.4\d %\); it was late$/);
    expect(judgeStep(OBJECTIVE, evidence({ all: 0 })).observed).to.equal('no request was offered');
  });
});

describe('the length of a step', () => {
  it('is as long as its bounds need, within limits, and three times that when it is repeated', () => {
    expect(stepMs(OBJECTIVE, 1_000, false)).to.equal(10_000);
    expect(stepMs(OBJECTIVE, 10, false)).to.equal(60_000);
    expect(stepMs(OBJECTIVE, 1_000, true)).to.equal(30_000);
    expect(stepMs(OBJECTIVE, 10, true)).to.equal(180_000);
    expect(stepMs({ ...OBJECTIVE, errors: 0.001 }, 100, false)).to.equal(60_000);
    expect(stepMs(OBJECTIVE, 0.1, false)).to.equal(180_000);
  });

  it('lets a step without a bad request carry its rate', () => {
    for (const errors of [0.5, 0.01, 0.001])
      for (const rate of [20, 100, 3_000]) {
        const objective = { ...OBJECTIVE, errors };
        const all = Math.floor((stepMs(objective, rate, true) / 1_000) * rate);
        expect(judgeStep(objective, evidence({ all })).verdict, `${errors} ${rate}`).to.equal('carries');
      }
  });
});

describe('the rule that leaves a step', () => {
  const leaves = (ticks: readonly Partial<LoadTick>[]): number => {
    const over = leaveRule(OBJECTIVE, 100, 10_000);
    return ticks.findIndex((tick) => over({ ...TICK, ...tick })) + 1;
  };
  const same = (tick: Partial<LoadTick>): Partial<LoadTick>[] => Array.from({ length: 10 }, () => tick);

  it('leaves when half of the answers are slow, requests pile up, or many fail', () => {
    expect(leaves(same({ p50_ms: 300, p95_ms: 900 }))).to.equal(4);
    expect(leaves(same({ in_flight: 250 }))).to.equal(3);
    expect(leaves(same({ ok: 90, failed: 10 }))).to.equal(4);
  });

  it('stays when a step is good, at its limit, or stalls for a second', () => {
    expect(leaves(same({}))).to.equal(0);
    expect(leaves(same({ p95_ms: 210 }))).to.equal(0);
    expect(leaves([{ ok: 0, in_flight: 100 }, { ok: 200, p50_ms: 500 }, ...same({}).slice(2)])).to.equal(0);
    expect(leaves(same({ ok: 99, failed: 1 }))).to.equal(0);
  });
});

describe('the search with judged steps', () => {
  it('finds the knee of a queue in almost every try', () => {
    let wrong = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seededRandom(seed);
      const mu = 60 + random() * 200;
      // In an M/M/1 queue, times are exponential with the mean 1 / (mu - rate), and p95 is three times the mean.
      const knee = mu - Math.log(20) / (OBJECTIVE.p95Ms / 1_000);
      const search = new KneeSearch({ fromPerS: 10, leastPerS: 5, mostPerS: 1_000, ratio: 0.1 });
      for (let step = search.next(); step !== undefined; step = search.next()) {
        const { ratePerS, longer } = step;
        const all = Math.floor((ratePerS * stepMs(OBJECTIVE, ratePerS, longer)) / 1_000);
        const meanMs = ratePerS < mu ? 1_000 / (mu - ratePerS) : 3_000;
        const latenciesMs = Array.from({ length: all }, () => meanMs * exponential(random()));
        search.tell(judgeStep(OBJECTIVE, { latenciesMs, failures: new Uint8Array(all), generator: [] }));
      }
      const { carriesPerS = 0, failsPerS = Infinity, broke, known } = search.knee();
      expect(known).to.equal('bracket');
      // Where nobody can tell, the rate counts as not carried: it is near the knee, on either side.
      const low = broke === 'unknown' ? failsPerS * 1.1 : failsPerS;
      if (carriesPerS > knee || low < knee) wrong += 1;
    }
    expect(wrong).to.be.at.most(1);
  });
});

describe('a step with classes of endpoints', () => {
  const objective = { p95Ms: 400, errors: 0.01, classes: [{ of: 'reads', p95Ms: 100, share: 0.5 }] };
  const flat = (ms: number, length: number): number[] => Array.from({ length }, (_, i) => ms + (i % 5));
  const step = (all: number, reads: number, requests = 1_000) => ({
    latenciesMs: flat(all, requests),
    classesMs: [flat(reads, requests / 2)],
    failures: new Uint8Array(requests),
    generator: [],
  });

  it('is carried when each class is within its own limit', () => {
    expect(judgeStep(objective, step(300, 50))).to.include({ verdict: 'carries' });
    const slow = judgeStep(objective, step(300, 150));
    expect(slow).to.deep.include({ verdict: 'does not carry', broke: 'latency', over: ['latency'] });
    expect(slow.observed).to.include('p95 of reads 154 ms');
  });

  it('cannot be told when a class has too few requests, or none at all', () => {
    expect(judgeStep(objective, step(300, 50, 60))).to.include({ verdict: 'cannot tell' });
    expect(judgeStep(objective, { ...step(300, 50), classesMs: [[]] }).observed).to.include(
      'the requests of reads are too few',
    );
    const { classesMs: _none, ...without } = step(300, 50);
    expect(judgeStep(objective, without)).to.include({ verdict: 'cannot tell' });
  });

  it('lasts longer when a class is rare', () => {
    const rare = { ...objective, classes: [{ of: 'payments', p95Ms: 100, share: 0.012 }] };
    expect(stepMs(rare, 100, false)).to.be.above(4 * stepMs(objective, 100, false));
  });
});

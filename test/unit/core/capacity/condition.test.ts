import { expect } from 'chai';
import { describe, it } from 'mocha';
import { capacityOf, kneeOptionsOf } from '../../../../harness/core/capacity/condition.ts';
import { exceededOf } from '../../../../harness/core/capacity/used.ts';
import { voidOf } from '../../../../harness/core/capacity/void.ts';
import type { Knee } from '../../../../harness/core/capacity/knee.ts';
import type { RunDocument } from '../../../../harness/core/record/run.ts';

const knee = (more: Partial<Knee>): Knee => ({
  carriesPerS: 200,
  failsPerS: 240,
  generatorPerS: undefined,
  broke: 'latency',
  known: 'bracket',
  ...more,
});
const INTERVAL = { ratePerS: 212.3456, low: 204.9876, high: 219.1234, confidence: 0.9 };

describe('what a knee lets us certify', () => {
  it('is its interval, with the limit that breaks first', () => {
    const limits = [
      { ...INTERVAL, limit: 'cpu' as const },
      { ...INTERVAL, limit: 'latency' as const },
    ];
    expect(capacityOf('full', knee({ interval: INTERVAL, limits }))).to.deep.equal({
      condition: 'full',
      limit: 'cpu',
      ratePerS: 212.3,
      low: 205,
      high: 219.1,
      confidence: 0.9,
    });
    // The time was up during the confirmation: the interval is as wide as that.
    expect(capacityOf('full', knee({ interval: INTERVAL, known: 'open' }))).to.include({ limit: 'latency', low: 205 });
  });

  it('is a lower end alone where nothing but the generator broke, or nothing at all', () => {
    const generator = knee({ known: 'generator', broke: 'generator', failsPerS: undefined, generatorPerS: 300 });
    expect(capacityOf('full', generator)).to.include({ limit: 'generator', low: 200, high: null });
    expect(capacityOf('full', knee({ known: 'at least', broke: undefined }))).to.include({ limit: null, high: null });
    // The time was up before anything was confirmed: what broke is known, and where is not.
    expect(capacityOf('full', knee({ known: 'open' }))).to.include({ limit: 'latency', low: 200, high: null });
  });

  it('is nothing where nothing was carried or confirmed, and says why', () => {
    const why = (more: Partial<Knee>): unknown => capacityOf('full', knee(more));
    expect(why({ known: 'nothing', carriesPerS: undefined, failsPerS: 10, broke: 'errors' })).to.deep.equal({
      reason: 'not even 10/s was carried (errors)',
    });
    const open = { known: 'open', carriesPerS: undefined } as const;
    expect(why(open)).to.have.property('reason').that.includes('before anything was carried: 240/s was not carried');
    expect(why({ ...open, failsPerS: undefined }))
      .to.have.property('reason')
      .that.includes('no step was judged');
    const late = { known: 'generator', broke: 'generator', carriesPerS: undefined, generatorPerS: 50 } as const;
    expect(why(late)).to.have.property('reason').that.includes('the generator failed at 50/s');
  });
});

describe('the search under a condition', () => {
  const asked = {
    search: { fromPerS: 50, leastPerS: 10, mostPerS: 1_000, ratio: 0.2 },
    seed: 7,
    cells: ['a', 'b'].map((condition) => ({ condition, faults: '' })),
  };

  it('begins at the lower end of the full capacity, with rates of its own', () => {
    const full = { low: 398, high: 421 };
    expect(kneeOptionsOf(asked, 'full', undefined)).to.include({ fromPerS: 50, mostPerS: 1_000 });
    const [a, b] = ['a', 'b'].map((condition) => kneeOptionsOf(asked, condition, full));
    expect(a).to.include({ fromPerS: 398, mostPerS: 526.3 });
    expect(a?.confirm?.seed).not.to.equal(b?.confirm?.seed);
    expect(kneeOptionsOf(asked, 'a', { low: 2_000, high: null })).to.include({ fromPerS: 1_000, mostPerS: 1_000 });
  });
});

describe('what a step used', () => {
  it('is over its limit by container and by server', () => {
    const limits = { cpu: { app: 0.9 }, connections: 0.95 };
    const cpu = (share: number) => ({ what: 'cpu', of: 'app', share }) as const;
    expect(exceededOf(limits, [cpu(0.5), cpu(0.9)])).to.deep.equal([]);
    expect(exceededOf(limits, [cpu(0.5), cpu(0.91)])).to.deep.equal(['cpu']);
    expect(exceededOf(limits, [{ what: 'connections', of: 'postgres', share: 0.99 }])).to.deep.equal(['pool']);
    expect(exceededOf({}, [cpu(5)])).to.deep.equal([]);
  });
});

describe('a run beside a search', () => {
  const bit = {
    name: 'kill',
    id: 'k',
    target: 'x',
    injected: '',
    healed: '',
    effective: 'effective',
    evidence: '',
  } as const;
  const run = (more: Partial<RunDocument> = {}) => voidOf({ verdict: 'PASS', faults: [bit], invalid: [], ...more });

  it('says something whatever its light load met, and whether or not its own checks held', () => {
    const lag = { code: 'CHAOS_GENERATOR_LAG', message: 'late' };
    for (const verdict of ['PASS', 'FAIL', 'INCONCLUSIVE'] as const)
      expect(run({ verdict, invalid: [lag] })).to.equal(undefined);
  });

  it('says nothing when it was ended early, its fault did not bite, or the host was too busy', () => {
    for (const verdict of ['ABORTED', 'ERROR', 'INTERRUPTED', 'NOT READY', 'NOT RESTORED'] as const)
      expect(run({ verdict, reason: 'why' })).to.equal(`its run ended ${verdict}: why`);
    expect(run({ faults: [bit, { ...bit, effective: 'inconclusive', evidence: 'nobody asked' }] })).to.include(
      'nobody asked',
    );
    expect(run({ invalid: [{ code: 'CHAOS_CPU_STOLEN', message: 'm' }] })).to.equal('CHAOS_CPU_STOLEN: m');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Knee, type KneeOptions, KneeSearch, type StepVerdict } from '../../../../harness/core/capacity/knee.ts';
import { seededRandom } from '../../../../harness/core/random.ts';
import { drawn } from '../../../helpers/drawn.ts';
import { findKnee } from '../../../helpers/knees/search.ts';
import { STUBS } from '../../../helpers/knees/stubs.ts';

const OPTIONS: KneeOptions = { fromPerS: 10, leastPerS: 5, mostPerS: 1_000, ratio: 0.1 };
const CARRIES: StepVerdict = { verdict: 'carries' };
const FAILS: StepVerdict = { verdict: 'does not carry', broke: 'latency' };
const UNSURE: StepVerdict = { verdict: 'cannot tell' };
const LATE: StepVerdict = { verdict: 'generator' };

interface Searched {
  readonly knee: Knee;
  readonly rates: readonly number[];
  readonly search: KneeSearch;
}

/** Searches a system that judges each step in this way. */
function search(options: KneeOptions, judge: (ratePerS: number, longer: boolean) => StepVerdict): Searched {
  const search = new KneeSearch(options);
  const rates: number[] = [];
  for (let step = search.next(); step !== undefined; step = search.next()) {
    rates.push(step.ratePerS);
    search.tell(judge(step.ratePerS, step.longer));
    if (rates.length > 100) throw new Error(`the search does not end: ${rates.join(' ')}`);
  }
  return { knee: search.knee(), rates, search };
}

const upTo =
  (knee: number) =>
  (rate: number): StepVerdict =>
    rate <= knee ? CARRIES : FAILS;

describe('the search for the knee', () => {
  it('doubles the rate until a step fails, and then halves the distance', () => {
    const { knee, rates } = search(OPTIONS, upTo(62));
    expect(rates).to.deep.equal([10, 20, 40, 80, 60, 70, 65]);
    expect(knee).to.deep.equal({
      carriesPerS: 60,
      failsPerS: 65,
      generatorPerS: undefined,
      broke: 'latency',
      known: 'bracket',
    });
  });

  it('goes down when its first step fails, as far as it may', () => {
    expect(search({ ...OPTIONS, fromPerS: 160 }, upTo(62)).rates).to.deep.equal([160, 80, 40, 60, 70, 65]);
    const { knee, rates } = search(OPTIONS, upTo(1));
    expect(rates).to.deep.equal([10, 5]);
    expect(knee).to.include({ carriesPerS: undefined, failsPerS: 5, known: 'nothing' });
  });

  it('says "at least" when the highest allowed rate was carried', () => {
    const { knee, rates } = search({ ...OPTIONS, mostPerS: 50 }, upTo(62));
    expect(rates).to.deep.equal([10, 20, 40, 50]);
    expect(knee).to.include({ carriesPerS: 50, failsPerS: undefined, broke: undefined, known: 'at least' });
  });

  it('repeats a step without an answer once, longer, and counts it as not carried then', () => {
    const tried: string[] = [];
    const { knee } = search(OPTIONS, (rate, longer) => {
      tried.push(`${rate}${longer ? ' longer' : ''}`);
      return rate === 20 ? (longer ? CARRIES : UNSURE) : rate === 65 ? UNSURE : upTo(68)(rate);
    });
    expect(tried).to.deep.equal(['10', '20', '20 longer', '40', '80', '60', '70', '65', '65 longer']);
    expect(knee).to.include({ carriesPerS: 60, failsPerS: 65, broke: 'unknown', known: 'bracket' });
  });

  it("never takes the generator's limit for the system's", () => {
    const { knee, rates } = search(OPTIONS, (rate) => (rate > 50 ? LATE : upTo(62)(rate)));
    expect(rates).to.deep.equal([10, 20, 40, 80, 80, 60, 60, 50, 55, 55]);
    expect(knee).to.deep.equal({
      carriesPerS: 50,
      failsPerS: undefined,
      generatorPerS: 55,
      broke: 'generator',
      known: 'generator',
    });
  });

  it('finds the knee below the limit of the generator', () => {
    const { knee } = search(OPTIONS, (rate) => (rate > 75 ? LATE : upTo(62)(rate)));
    expect(knee).to.include({ carriesPerS: 60, failsPerS: 65, generatorPerS: undefined, known: 'bracket' });
  });

  it('is open until it is over, and takes no verdict afterwards', () => {
    const open = new KneeSearch(OPTIONS, [CARRIES, FAILS]);
    expect(open.knee()).to.include({ carriesPerS: 10, failsPerS: 20, known: 'open' });
    expect(() => search(OPTIONS, upTo(62)).search.tell(CARRIES)).to.throw(TypeError);
  });

  it('always has the knee of a random system within its bounds, and ends close enough', () => {
    const random = seededRandom(4_711);
    for (let n = 0; n < 2_000; n += 1) {
      const knee = 5 + 10 ** (random() * 3.3);
      const generator = random() < 0.3 ? 5 + 10 ** (random() * 3.3) : Infinity;
      const options: KneeOptions = {
        fromPerS: 5 + random() * 300,
        leastPerS: 5,
        mostPerS: 400 + random() * 1_000,
        ratio: 0.02 + random() * 0.3,
      };
      const found = search(options, (rate, longer) => {
        if (rate > generator) return LATE;
        // Short steps often give no answer, and a busy moment may hit the generator. Longer steps tell the truth.
        if (!longer && random() < 0.2) return random() < 0.5 ? UNSURE : LATE;
        return upTo(knee)(rate);
      });
      const { carriesPerS = 0, failsPerS, generatorPerS, known } = found.knee;
      const what = JSON.stringify({ knee, generator, options, found: found.knee });
      expect(carriesPerS, what).to.be.at.most(Math.min(knee, generator));
      if (failsPerS !== undefined) expect(failsPerS, what).to.be.above(knee);
      if (generatorPerS !== undefined) expect(generatorPerS, what).to.be.above(generator);
      if (known === 'at least') expect(carriesPerS, what).to.equal(options.mostPerS);
      else if (known !== 'nothing')
        expect((failsPerS ?? generatorPerS ?? Infinity) / carriesPerS, what).to.be.at.most(1 + options.ratio + 1e-9);
      expect(known, what).not.to.equal('open');
      expect(found.rates.length, what).to.be.at.most(40);
    }
  });

  it('goes on where an earlier search ended', () => {
    const random = seededRandom(12);
    for (let n = 0; n < 200; n += 1) {
      const judge = upTo(5 + random() * 900);
      const { search: whole, knee } = search(OPTIONS, judge);
      const cut = Math.floor(random() * whole.told.length);
      const rest = new KneeSearch(OPTIONS, whole.told.slice(0, cut));
      for (let step = rest.next(); step !== undefined; step = rest.next()) rest.tell(judge(step.ratePerS));
      expect(rest.knee()).to.deep.equal(knee);
    }
  });
});

describe('the confirmation of a knee', () => {
  const CONFIRMED: KneeOptions = {
    ...OPTIONS,
    confirm: { least: 6, most: 12, width: 0.02, confidence: 0.9, seed: 7 },
  };

  it('tries further, longer steps where the knee probably is, and closes in on a cliff', () => {
    const { knee, rates, search: made } = search(CONFIRMED, upTo(62));
    expect(rates.slice(0, 7)).to.deep.equal([10, 20, 40, 80, 60, 70, 65]);
    expect(rates.length).to.be.within(13, 19);
    for (const rate of rates.slice(7)) expect(rate).to.be.within(55, 75);
    expect(knee.known).to.equal('bracket');
    expect(knee.interval!.low).to.be.below(62.5);
    expect(knee.interval!.high).to.be.above(61.5);
    expect(knee.interval!.high / knee.interval!.low).to.be.below(1.05);
    expect(made.next()).to.equal(undefined);
  });

  it('asks for long steps only', () => {
    const open = new KneeSearch(CONFIRMED, [CARRIES, CARRIES, CARRIES, FAILS, CARRIES, FAILS, FAILS]);
    expect(open.next()).to.include({ longer: true });
    expect(open.knee().known).to.equal('open');
  });

  it('tries the same rates with the same seed, and goes on where an earlier search ended', () => {
    const whole = search(CONFIRMED, upTo(62));
    expect(search(CONFIRMED, upTo(62)).rates).to.deep.equal(whole.rates);
    const rest = new KneeSearch(CONFIRMED, whole.search.told.slice(0, 10));
    for (let step = rest.next(); step !== undefined; step = rest.next()) rest.tell(upTo(62)(step.ratePerS));
    expect(rest.knee()).to.deep.equal(whole.knee);
    const other = search({ ...CONFIRMED, confirm: { ...CONFIRMED.confirm!, seed: 8 } }, upTo(62));
    expect(other.rates).not.to.deep.equal(whole.rates);
  });

  it('names the limits that were exceeded, the first to break first', () => {
    const { knee } = search(CONFIRMED, (rate) => ({
      ...upTo(62)(rate),
      over: [...(rate > 62 ? (['pool'] as const) : []), ...(rate > 68 ? (['latency'] as const) : [])],
    }));
    expect(knee.limits!.map(({ limit }) => limit)).to.deep.equal(['pool', 'latency']);
    const [pool, latency] = knee.limits!;
    expect(pool!.ratePerS).to.be.closeTo(62, 2);
    expect(latency!.ratePerS).to.be.above(pool!.ratePerS);
  });

  it("has no interval when the generator's limit is below the system's, or when nothing broke", () => {
    const { knee } = search(CONFIRMED, (rate) => (rate > 50 ? LATE : upTo(62)(rate)));
    expect(knee).to.include({ known: 'generator' }).and.not.to.have.property('interval');
    expect(search({ ...CONFIRMED, mostPerS: 50 }, upTo(62)).knee).not.to.have.property('interval');
  });

  it('learns nothing from a step in which the generator failed', () => {
    let confirming = 0;
    const { knee } = search(CONFIRMED, (rate, longer) => (longer && ++confirming <= 12 ? LATE : upTo(62)(rate)));
    expect(knee.interval!.high / knee.interval!.low).to.be.above(1.04);
    expect(knee).to.include({ known: 'bracket', broke: 'latency', generatorPerS: undefined });
  });
});

describe('the knee of a system of known capacity', function () {
  // A hang guard: a search in virtual time takes half a second of a processor.
  this.timeout(120_000);

  /** Two seeds of each stub a day; `npm run knees` tries a hundred, and docs/capacity.md has what came of it. */
  const seeds = drawn(
    Array.from({ length: 100 }, (_, i) => i + 1),
    2,
  ).slice(0, 2);
  for (const name of Object.keys(STUBS))
    it(`is found within 6 %: ${name} (seeds ${seeds.join(', ')})`, () => {
      for (const seed of seeds) {
        const { knee, truth } = findKnee(name, seed);
        expect(knee.interval!.ratePerS / truth, `seed ${seed}`).to.be.within(0.94, 1.06);
        expect(knee.interval!.high / knee.interval!.low).to.be.below(1.15);
        expect(knee.limits![0]!.limit).to.equal(name === 'a cliff' ? 'errors' : 'latency');
      }
    });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Knee, type KneeOptions, KneeSearch, type StepVerdict } from '../../../../harness/core/capacity/knee.ts';
import { seededRandom } from '../../../../harness/core/random.ts';

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

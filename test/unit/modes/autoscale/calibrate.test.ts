import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Calibrated } from '../../../../harness/core/capacity/calibrated.ts';
import type { StepEvidence } from '../../../../harness/core/capacity/step.ts';
import { calibrate, type CalibrateAsked, type CalibrateParts } from '../../../../harness/modes/autoscale/calibrate.ts';

const ASKED: CalibrateAsked = {
  counts: [1, 2, 4],
  objective: { p95Ms: 200, errors: 0.01 },
  limits: { fromPerS: 10, leastPerS: 5, mostPerS: 1_000, ratio: 0.1 },
  mostMs: 3_600_000,
};

/** A system in which a replica carries 62 requests a second, and what was done with it. */
class System {
  now = 0;
  replicas = 3;
  readonly did: string[] = [];
  readonly said: string[] = [];
  readonly rates: number[] = [];
  /** The generator is late above this rate. */
  generatorPerS = Infinity;
  failAt: string | undefined;

  readonly parts: CalibrateParts = {
    clock: { now: () => this.now },
    scaleTo: async (replicas) => {
      this.#do(`scale ${replicas}`, 20_000);
      this.replicas = replicas;
    },
    offer: async ({ ratePerS, ms }) => {
      this.rates.push(ratePerS);
      this.#do(`offer ${ratePerS}`, ms + 3_000);
      return this.#evidence(ratePerS, ms);
    },
    recovered: async () => this.#do('recovered', 8_000),
    say: (line) => void this.said.push(line),
  };

  #do(what: string, ms: number): void {
    if (this.failAt === what) throw new Error(`no answer to ${what}`);
    this.did.push(what);
    this.now += ms;
  }

  #evidence(ratePerS: number, ms: number): StepEvidence {
    const all = Math.floor((ratePerS * ms) / 1_000);
    const slow = ratePerS > 62 * this.replicas;
    return {
      latenciesMs: Array.from({ length: all }, (_, i) => (slow ? 900 : 20) + (i % 7)),
      failures: new Uint8Array(all),
      generator: ratePerS > this.generatorPerS ? ['the generator was late'] : [],
    };
  }
}

async function all(system: System, over: Partial<CalibrateAsked> = {}): Promise<Calibrated[]> {
  const found: Calibrated[] = [];
  for await (const one of calibrate({ ...ASKED, ...over }, system.parts)) found.push(one);
  return found;
}

describe('the calibration of a service', () => {
  it('finds what each number of replicas carries', async () => {
    const system = new System();
    const found = await all(system);
    expect(found.map(({ replicas, knee }) => [replicas, knee.known, knee.broke])).to.deep.equal([
      [1, 'bracket', 'latency'],
      [2, 'bracket', 'latency'],
      [4, 'bracket', 'latency'],
    ]);
    for (const { replicas, knee } of found) {
      expect(knee.carriesPerS).to.be.within(62 * replicas * 0.9, 62 * replicas);
      expect(knee.failsPerS).to.be.within(62 * replicas, 62 * replicas * 1.1);
    }
    // Each number begins with what the number before it carried.
    expect(system.did.slice(0, 3)).to.deep.equal(['scale 1', 'offer 10', 'offer 20']);
    expect(system.did[system.did.indexOf('scale 2') + 1]).to.equal('offer 60');
    expect(found[0]?.steps.map(({ ratePerS, verdict }) => `${ratePerS} ${verdict}`)).to.deep.equal([
      '10 carries',
      '20 carries',
      '40 carries',
      '80 does not carry',
      '60 carries',
      '70 does not carry',
      '65 does not carry',
    ]);
  });

  it('waits after each step that was too much, and after no other', async () => {
    const system = new System();
    await all(system, { counts: [1] });
    expect(system.did.filter((_, i) => system.did[i + 1] === 'recovered')).to.deep.equal([
      'offer 80',
      'offer 70',
      'offer 65',
    ]);
    expect(system.said.at(-1)).to.match(/^1: 65\/s is not carried \(latency\): p95 906 ms/);
  });

  it("names the generator's limit", async () => {
    const system = new System();
    system.generatorPerS = 50;
    const [found] = await all(system, { counts: [1] });
    expect(found?.knee).to.include({ known: 'generator', carriesPerS: 50, failsPerS: undefined, generatorPerS: 55 });
    expect(system.said.join('\n')).to.include("1: 55/s is the generator's limit");
  });

  it('shares the time among the numbers, and begins no step that would end too late', async () => {
    const system = new System();
    const found = await all(system, { mostMs: 8 * 60_000 });
    expect(system.now).to.be.at.most(8 * 60_000 + 60_000);
    expect(found.map(({ knee }) => knee.known)).to.include('open');
    expect(found.every(({ steps }) => steps.length > 0)).to.equal(true);
    expect(system.said.join('\n')).to.match(/no time is left for \d+\/s/);
  });

  it('changes nothing when there is no time at all', async () => {
    const system = new System();
    const found = await all(system, { mostMs: 0 });
    expect(system.did).to.deep.equal([]);
    expect(found.map(({ knee }) => knee.known)).to.deep.equal(['open', 'open', 'open']);
  });

  it('gives up with the error of what failed, after the results before it', async () => {
    const system = new System();
    system.failAt = 'scale 2';
    const found: Calibrated[] = [];
    const work = (async () => {
      for await (const one of calibrate(ASKED, system.parts)) found.push(one);
    })();
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'no answer to scale 2');
    expect(found.map(({ replicas }) => replicas)).to.deep.equal([1]);
  });
});

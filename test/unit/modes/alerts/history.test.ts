import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ChaosError } from '../../../../harness/core/errors.ts';
import type { Command } from '../../../../harness/core/topology/command.ts';
import type { Hold } from '../../../../harness/core/topology/hold.ts';
import { makeUpHistory } from '../../../../harness/modes/alerts/history.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const HOUR = 3_600_000;
const BEGAN = 1_700_000_000_000;

/** A container of Prometheus: what is made in it is found a while after. */
class Stand {
  readonly clock = new ManualClock(BEGAN);
  readonly did: string[] = [];
  readonly asked: { readonly expression: string; readonly at: number | undefined }[] = [];
  /** How old the oldest scrape is, seconds. */
  ownS = 40;
  hasProgram = true;
  /** Milliseconds from the making to the moment in which Prometheus has found the first and the last block. */
  foundMs = { first: 20_000, last: 20_000 };
  #made: number | undefined;

  act = (command: Command): Promise<string> => {
    const run = 'in' in command ? command.run.join(' ') : '';
    const user = 'in' in command ? (command.user ?? 'root') : '';
    if (run.includes('command -v')) return Promise.resolve(this.hasProgram ? '/usr/local/bin/made-up-history' : '');
    this.did.push(`${user}: ${run}`);
    if (run.includes(' make ')) this.#made = this.clock.now();
    return Promise.resolve('');
  };
  hold = async ({ before, set }: Hold) => {
    const steps = await before();
    for (const step of steps)
      if (step.do === 'command' && 'in' in step.command) this.did.push(`noted: ${step.command.run.join(' ')}`);
    await set();
    return {
      release: async () => {
        for (const step of steps) if (step.do === 'command') await this.act(step.command);
      },
    };
  };
  query = (expression: string, at?: number) => {
    this.asked.push({ expression, at });
    if (expression.startsWith('time()')) return Promise.resolve([{ labels: {}, value: this.ownS }]);
    const since = this.clock.now() - (this.#made ?? Infinity);
    const found = since >= (at === undefined ? this.foundMs.last : this.foundMs.first);
    return Promise.resolve(found ? [{ labels: {}, value: 2 }] : []);
  };

  make() {
    const { clock, act, hold } = this;
    const monitoring = { query: this.query };
    return clock.through(makeUpHistory({ spec: SPEC, clock, monitoring, act, hold }, { ms: HOUR, ratePerS: 60 }));
  }
  /** Resolves with what is wrong. */
  refused = (): Promise<string> =>
    this.make().then(
      () => 'made',
      (error: ChaosError) => `${error.code} ${error.exit}: ${error.message}`,
    );
}

describe('a history that is made up', () => {
  it('has its way back noted first, is made where Prometheus may write, and is waited for', async () => {
    const stand = new Stand();
    const held = await stand.make();
    expect(stand.did).to.deep.equal(['noted: made-up-history forget', 'prometheus: made-up-history make 3600 3600']);
    expect(stand.clock.now() - BEGAN).to.be.within(20_000, 22_000);
    await held.release();
    expect(stand.did.at(-1)).to.equal('prometheus: made-up-history forget');
  });

  it('is there when Prometheus has found its first block and its last, and asks for its own label alone', async () => {
    for (const foundMs of [
      { first: 1_000, last: 50_000 },
      { first: 50_000, last: 1_000 },
    ]) {
      const stand = new Stand();
      stand.foundMs = foundMs;
      await stand.make();
      expect(stand.clock.now() - BEGAN).to.be.within(50_000, 52_000);
      const looks = stand.asked.slice(1);
      expect(looks.every(({ expression }) => expression.includes('{history="backfilled"}'))).to.equal(true);
      expect(looks.map(({ at }) => at)).to.include(BEGAN - HOUR);
    }
  });

  it('is refused for a Prometheus with minutes of its own, and nothing is changed', async () => {
    const stand = new Stand();
    stand.ownS = 301;
    expect(await stand.refused()).to.equal(
      'CHAOS_MADE_UP_HISTORY not-ready: Prometheus has 5 min 01 s of its own history, and what happened in it is not known to be sound',
    );
    stand.ownS = 0;
    stand.hasProgram = false;
    expect(await stand.refused()).to.include('has no program made-up-history');
    expect(stand.did).to.deep.equal([]);
  });

  it('is given up when Prometheus does not find it, and its way back is noted', async () => {
    const stand = new Stand();
    stand.foundMs = { first: 1_000, last: Infinity };
    expect(await stand.refused()).to.include('did not find the history that was made up within 1 min 30 s');
    expect(stand.clock.now() - BEGAN).to.be.within(90_000, 93_000);
    expect(stand.did[0]).to.equal('noted: made-up-history forget');
  });
});

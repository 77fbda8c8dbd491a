import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { join } from 'node:path';
import { poolSize, PoolSizer, type PoolShare } from '../../../../topology/app/pool-size.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { read } from '../../plan/topology/read.ts';
import { ManualTime } from './manual-time.ts';

const SHARE: PoolShare = { most: 8, shared: 40 };

describe('the size of a pool of the app', () => {
  it('is what the replicas share by their number, and never below one', () => {
    const sizes = [1, 3, 5, 6, 10, 20, 39, 40, 50, 1000].map((replicas) => poolSize(SHARE, replicas));
    expect(sizes).to.deep.equal([8, 8, 8, 6, 4, 2, 1, 1, 1, 1]);
  });

  function setUp() {
    const time = new ManualTime();
    const told: string[] = [];
    const names = { replicas: 3, fails: false, silent: false, failures: 0 };
    const sizer = new PoolSizer({
      share: SHARE,
      time,
      resolve: () => {
        if (names.silent) return new Promise<never>(() => undefined);
        if (names.fails) return Promise.reject(new Error('no name server'));
        return Promise.resolve(Array.from({ length: names.replicas }, (_, i) => `10.0.0.${i}`));
      },
      onSize: (size, replicas) => told.push(`${size} for ${replicas} at ${time.now()}`),
      onFailure: () => (names.failures += 1),
    });
    void sizer.run();
    return { time, told, names, sizer };
  }

  it('is the smallest until three answers have come', async () => {
    const { time, told, sizer } = setUp();
    await time.pass(1900);
    expect([sizer.size, told]).to.deep.equal([1, []]);
    await time.pass(100);
    expect([sizer.size, told]).to.deep.equal([8, ['8 for 3 at 2000']]);
  });

  it('shrinks with the first answer, and grows when three answers agree', async () => {
    const { time, told, names } = setUp();
    await time.pass(5000);
    names.replicas = 10;
    await time.pass(1000);
    names.replicas = 5;
    await time.pass(1000);
    names.replicas = 6;
    await time.pass(4000);
    expect(told).to.deep.equal(['8 for 3 at 2000', '4 for 10 at 6000', '6 for 6 at 9000']);
  });

  it('looks more rarely the more replicas there are, and often again when they are few', async () => {
    const { time, told, names } = setUp();
    await time.pass(3000);
    names.replicas = 50;
    await time.pass(1000);
    names.replicas = 3;
    await time.pass(4900);
    expect(told.at(-1), 'the next look is 5 s after the last').to.equal('1 for 50 at 4000');
    await time.pass(2100);
    expect(told.slice(1)).to.deep.equal(['1 for 50 at 4000', '8 for 3 at 11000']);
  });

  it('stays while no answer comes: an error, or silence for a second', async () => {
    const { time, told, names } = setUp();
    await time.pass(3000);
    names.fails = true;
    names.replicas = 50;
    await time.pass(60_000);
    expect(names.failures, 'told once').to.equal(1);
    names.silent = true;
    await time.pass(60_000);
    expect(told).to.deep.equal(['8 for 3 at 2000']);
    names.fails = names.silent = false;
    await time.pass(3000);
    expect(told.at(-1)).to.match(/^1 for 50/);
  });

  it('counts an address once, and this replica even when there is no address', async () => {
    const time = new ManualTime();
    let size = 0;
    const answers = [['10.0.0.1', '10.0.0.1'], [], ['10.0.0.1']];
    const sizer = new PoolSizer({
      share: { most: 100, shared: 10 },
      time,
      resolve: () => Promise.resolve(answers.shift() ?? []),
      onSize: (told) => (size = told),
      onFailure: () => undefined,
    });
    void sizer.run();
    await time.pass(2000);
    expect(size).to.equal(10);
  });

  it('tells nothing any more after stop', async () => {
    const { time, told, sizer } = setUp();
    sizer.stop();
    await time.pass(10_000);
    expect(told).to.deep.equal([]);
  });
});

/** The longest time of a statement that is under way when a pool shrinks, milliseconds. */
const STATEMENT_MS = 50;

/** A replica whose pool always has as many connections as it may. It closes one when its statement has ended. */
class GreedyReplica {
  open = 1;
  readonly sizer: PoolSizer;

  constructor(time: ManualTime, share: PoolShare, count: () => number) {
    this.sizer = new PoolSizer({
      share,
      time,
      resolve: () => Promise.resolve(Array.from({ length: count() }, (_, i) => `${i}`)),
      onSize: (size) => (size > this.open ? (this.open = size) : time.after(STATEMENT_MS, () => (this.open = size))),
      onFailure: () => undefined,
    });
    void this.sizer.run();
  }
}

/** Replicas that come and go. Each looks at another moment of the second. */
class Fleet {
  readonly time = new ManualTime();
  /** The most connections that all pools to one address have had together. */
  most = 0;
  readonly #share: PoolShare;
  #replicas: GreedyReplica[] = [];

  constructor(share: PoolShare) {
    this.#share = share;
  }

  async scaleTo(replicas: number, betweenMs: number): Promise<void> {
    for (const gone of this.#replicas.splice(replicas)) gone.sizer.stop();
    while (this.#replicas.length < replicas) {
      this.#replicas.push(new GreedyReplica(this.time, this.#share, () => this.#replicas.length));
      await this.pass(betweenMs);
    }
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      this.#count();
      await this.time.pass(Math.min(50, ms - passed));
    }
    this.#count();
  }

  get sum(): number {
    return this.#replicas.reduce((sum, { open }) => sum + open, 0);
  }

  #count(): void {
    this.most = Math.max(this.most, this.sum);
  }
}

describe('the pools of all replicas together', function () {
  // A hang guard: Compose is asked, and seconds pass by steps.
  this.timeout(60_000);

  let share: PoolShare;
  /** The connections that PostgreSQL has for the pools of the replicas. */
  let room = 0;

  before(() => {
    const postgres = read([join(ROOT, 'docker-compose.chaos.yml')]).topology?.connections?.['postgres'];
    const [pool, other] = postgres?.pools['app'] ?? [];
    if (postgres === undefined || pool?.shared === undefined) throw new TypeError('the shipped replicas share');
    expect(other, 'both pools are alike').to.deep.equal(pool);
    share = { most: pool.most, shared: pool.shared };
    const workers = (postgres.pools['worker'] ?? []).reduce((sum, { most }) => sum + most, 0);
    room = postgres.limit - postgres.reserved - workers;
  });

  /** Whether both pools of all replicas fit when both lead to one node. */
  const expectFits = (sum: number): void => {
    expect(2 * sum, 'both pools').to.be.at.most(room);
  };

  it('fit from 3 to 50 and back to 3, when all come at one moment', async () => {
    const fleet = new Fleet(share);
    await fleet.scaleTo(3, 130);
    await fleet.pass(4000);
    expect(fleet.sum).to.equal(24);
    await fleet.scaleTo(50, 0);
    await fleet.pass(4000);
    expect(fleet.sum).to.equal(50);
    expect(fleet.most, '3 × 8 + 47 × 1').to.equal(71);
    await fleet.scaleTo(3, 0);
    await fleet.pass(4000);
    expect(fleet.sum).to.equal(24);
    expectFits(fleet.most);
  });

  for (const old of [1, 2, 4, 5, 6, 8, 10, 20, 40]) {
    it(`fit when ${50 - old} come beside ${old} at one moment, or one after another`, async () => {
      for (const betweenMs of [0, 50]) {
        const fleet = new Fleet(share);
        await fleet.scaleTo(old, 70);
        await fleet.pass(4000);
        await fleet.scaleTo(50, betweenMs);
        await fleet.pass(3000);
        expect(fleet.most).to.be.at.most(old * poolSize(share, old) + 50 - old);
        expectFits(fleet.most);
      }
    });
  }

  it('are highest with 5 old replicas and 45 new ones: 85 in a pool', () => {
    const sums = Array.from({ length: 50 }, (_, i) => (i + 1) * poolSize(share, i + 1) + 50 - (i + 1));
    expect(Math.max(...sums)).to.equal(85);
    expectFits(85);
  });
});

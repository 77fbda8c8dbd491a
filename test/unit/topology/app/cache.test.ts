import { expect } from 'chai';
import { describe, it } from 'mocha';
import { TwoLayerCache } from '../../../../topology/app/cache.ts';
import type { CacheOptions } from '../../../../topology/app/cache.ts';
import { ManualTime, settle } from './manual-time.ts';

interface Bench {
  readonly time: ManualTime;
  readonly cache: TwoLayerCache;
  readonly shared: Map<string, string>;
  readonly ttls: number[];
  readonly evicted: string[];
  readonly loads: () => number;
  readonly load: () => Promise<string>;
}

function setUp(options: Partial<CacheOptions> = {}): Bench {
  const time = new ManualTime();
  const shared = new Map<string, string>();
  const ttls: number[] = [];
  const evicted: string[] = [];
  let loads = 0;
  const cache = new TwoLayerCache({
    shared: {
      get: (key) => Promise.resolve(shared.get(key)),
      set: (key, value, ttlMs) => {
        ttls.push(ttlMs);
        shared.set(key, value);
      },
    },
    observer: { lookup: () => undefined, evicted: (_layer, pattern) => evicted.push(pattern) },
    time,
    random: () => 0.5,
    stampedeProtection: true,
    maxEntries: 2,
    maxLength: 100,
    memoryTtlMs: 2000,
    sharedTtlMs: 10_000,
    ...options,
  });
  const load = async (): Promise<string> => {
    loads += 1;
    await settle();
    return `value ${loads}`;
  };
  return { time, cache, shared, ttls, evicted, load, loads: () => loads };
}

describe('the cache of the app', () => {
  it('loads once for a hundred requests that miss together', async () => {
    const { cache, load, loads } = setUp();
    const answers = await Promise.all(Array.from({ length: 100 }, () => cache.get('dashboard', '7', load)));
    expect(new Set(answers)).to.deep.equal(new Set(['value 1']));
    expect(loads()).to.equal(1);
  });

  it('loads again, once, for requests that joined a load that failed', async () => {
    const { cache, load, loads } = setUp();
    let fail: (error: Error) => void = () => undefined;
    const first = cache.get('dashboard', '7', () => new Promise((_resolve, reject) => (fail = reject)));
    const joined = Array.from({ length: 20 }, () => cache.get('dashboard', '7', load));
    await settle();
    fail(new Error('its time is over'));
    expect(await first.catch((error: unknown) => (error as Error).message)).to.equal('its time is over');
    expect(new Set(await Promise.all(joined))).to.deep.equal(new Set(['value 1']));
    expect(loads()).to.equal(1);
  });

  it('loads for each of a hundred requests without stampede protection', async () => {
    const { cache, load, loads } = setUp({ stampedeProtection: false });
    await Promise.all(Array.from({ length: 100 }, () => cache.get('dashboard', '7', load)));
    expect(loads()).to.equal(100);
  });

  it('returns the value from memory until its shortened time is over, and then from the shared layer', async () => {
    const { cache, load, loads, shared, time } = setUp();
    await cache.get('dashboard', '7', load);
    shared.set('dashboard:7', 'of another replica');
    await time.pass(1799);
    expect(await cache.get('dashboard', '7', load)).to.equal('value 1');
    await time.pass(1);
    expect(await cache.get('dashboard', '7', load)).to.equal('of another replica');
    expect(loads()).to.equal(1);
  });

  it('gives the entries of the shared layer different expiry times', async () => {
    let step = 0;
    const { cache, load, ttls } = setUp({ random: () => (step += 0.1) });
    await cache.get('dashboard', '1', load);
    await cache.get('dashboard', '2', load);
    expect(ttls).to.have.lengthOf(2);
    expect(ttls[0]).not.to.equal(ttls[1]);
    for (const ttl of ttls) expect(ttl).to.be.within(8000, 10_000);
  });

  it('drops the least recently used entry when it is full', async () => {
    const { cache, load, loads, shared, evicted } = setUp();
    await cache.get('dashboard', '1', load);
    await cache.get('clients', '2', load);
    await cache.get('dashboard', '1', load);
    await cache.get('upcoming', '3', load);
    expect(evicted).to.deep.equal(['clients']);
    shared.clear();
    await cache.get('dashboard', '1', load);
    expect(loads()).to.equal(3);
  });

  it('keeps no value that is too long, in neither layer', async () => {
    const { cache, shared } = setUp();
    const long = 'x'.repeat(101);
    for (const _ of [1, 2]) expect(await cache.get('messages', '7', () => Promise.resolve(long))).to.equal(long);
    expect(shared.size).to.equal(0);
    expect(await cache.get('messages', '7', () => Promise.resolve('short'))).to.equal('short');
  });

  it('does not keep a failed load', async () => {
    const { cache, load } = setUp();
    const failure = await cache.get('dashboard', '7', () => Promise.reject(new Error('out'))).catch(String);
    expect(failure).to.equal('Error: out');
    expect(await cache.get('dashboard', '7', load)).to.equal('value 1');
  });
});

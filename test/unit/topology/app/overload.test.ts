import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Overload } from '../../../../topology/app/overload.ts';
import { Semaphore } from '../../../../topology/app/semaphore.ts';
import { ManualTime } from './manual-time.ts';

/** Serves one every 10 ms from `from` to `to` while `waiting` wait. Returns the patience at the end. */
function serve(overload: Overload, from: number, to: number, waiting: number): number {
  let patience = NaN;
  for (let now = from; now <= to; now += 10) patience = overload.patience(now, waiting);
  return patience;
}

describe('the overload of a queue', () => {
  it('begins when some wait for 1.5 s without a break while others are served', () => {
    const overload = new Overload();
    expect(serve(overload, 0, 1490, 3)).to.equal(Infinity);
    expect(serve(overload, 1500, 1500, 3)).to.equal(100);
  });

  it('begins anew when nobody waited meanwhile', () => {
    const overload = new Overload();
    serve(overload, 0, 1000, 3);
    serve(overload, 1010, 1010, 0);
    expect(serve(overload, 1020, 2500, 3)).to.equal(Infinity);
  });

  it('is none while nobody is served: a standby was lost, and all wait for it', () => {
    const overload = new Overload();
    serve(overload, 0, 1000, 3);
    expect(overload.patience(4000, 500)).to.equal(Infinity);
    expect(serve(overload, 4010, 5490, 300)).to.equal(Infinity);
    expect(overload.patience(5500, 300)).to.equal(100);
  });

  it('lasts until nobody was refused for 5 s, although the queue is empty now and then', () => {
    const overload = new Overload();
    serve(overload, 0, 1500, 3);
    overload.refused(1500);
    expect(serve(overload, 1510, 6500, 0)).to.equal(100);
    expect(serve(overload, 6510, 6510, 0)).to.equal(Infinity);
  });
});

/** Offers `perS` requests a second to a semaphore of two places that holds each for 20 ms. Returns the waits of those served and refused. */
async function offer(
  semaphore: Semaphore,
  time: ManualTime,
  perS: number,
  ms: number,
): Promise<Record<string, number[]>> {
  const waits: { served: number[]; refused: number[] } = { served: [], refused: [] };
  for (let at = 0; at < ms; at += 1000 / perS) {
    await time.pass(1000 / perS);
    const begun = time.now();
    void semaphore.acquire(3000).then((release) => {
      (release ? waits.served : waits.refused).push(time.now() - begun);
      if (release) time.after(20, release);
    });
  }
  await time.pass(5000);
  return waits;
}

describe('the semaphore of the app under load', () => {
  it('refuses nobody below what it can serve', async () => {
    const time = new ManualTime();
    const semaphore = new Semaphore(time, 2);
    semaphore.next = 'newest';
    const { served, refused } = await offer(semaphore, time, 80, 10_000);
    expect([served?.length, refused]).to.deep.equal([800, []]);
  });

  it('refuses within 130 ms, after 1.5 s, what is too much, and serves as many as it can', async () => {
    const time = new ManualTime();
    const semaphore = new Semaphore(time, 2);
    semaphore.next = 'newest';
    const { served = [], refused = [] } = await offer(semaphore, time, 200, 10_000);
    expect(served.length).to.be.at.least(1000);
    // Those who came in the first 1.5 s wait until it is known that too many come.
    expect(refused.filter((ms) => ms > 130).length).to.be.at.most(150);
    expect(refused.length).to.be.within(800, 1000);
  });

  it('refuses nobody early when the oldest come first', async () => {
    const time = new ManualTime();
    const { refused = [] } = await offer(new Semaphore(time, 2), time, 200, 5000);
    expect(refused.length).to.be.above(0);
    expect(Math.min(...refused)).to.equal(3000);
  });
});

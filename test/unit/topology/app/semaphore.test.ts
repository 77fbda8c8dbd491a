import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Semaphore } from '../../../../topology/app/semaphore.ts';
import { ManualTime, settle } from './manual-time.ts';

describe('the semaphore of the app', () => {
  it('serves in order of arrival', async () => {
    const semaphore = new Semaphore(new ManualTime(), 1);
    const order: string[] = [];
    const first = await semaphore.acquire(Infinity);
    const second = semaphore.acquire(Infinity).then((release) => (order.push('second'), release));
    const third = semaphore.acquire(Infinity).then((release) => (order.push('third'), release));
    first?.();
    (await second)?.();
    (await third)?.();
    expect(order).to.deep.equal(['second', 'third']);
  });

  it('serves the newest first when it shall', async () => {
    const semaphore = new Semaphore(new ManualTime(), 1);
    semaphore.next = 'newest';
    const order: string[] = [];
    const first = await semaphore.acquire(Infinity);
    const second = semaphore.acquire(Infinity).then((release) => (order.push('second'), release));
    const third = semaphore.acquire(Infinity).then((release) => (order.push('third'), release));
    first?.();
    (await third)?.();
    (await second)?.();
    expect(order).to.deep.equal(['third', 'second']);
  });

  it('loses no place when a wait ends at the moment at which a place comes free', async () => {
    const time = new ManualTime();
    const semaphore = new Semaphore(time, 1);
    const held = await semaphore.acquire(Infinity);
    const late = semaphore.acquire(100);
    time.after(100, () => held?.());
    await time.pass(100);
    expect(await late).to.equal(undefined);
    expect(await semaphore.acquire(0)).to.be.a('function');
  });

  it('takes a place back once, even if it is given back twice', async () => {
    const time = new ManualTime();
    const semaphore = new Semaphore(time, 1);
    const release = await semaphore.acquire(Infinity);
    release?.();
    release?.();
    await semaphore.acquire(Infinity);
    const second = semaphore.acquire(10);
    await time.pass(10);
    expect(await second).to.equal(undefined);
  });

  it('can grow and shrink: every holder keeps its place, and waiting requests get the new places', async () => {
    const semaphore = new Semaphore(new ManualTime(), 2);
    const held = [await semaphore.acquire(Infinity), await semaphore.acquire(Infinity)];
    let served = 0;
    const waiting = [1, 2, 3].map(() => semaphore.acquire(Infinity).then((release) => ((served += 1), release)));
    semaphore.resize(1);
    held[0]?.();
    await settle();
    expect(served).to.equal(0);
    held[1]?.();
    await settle();
    expect(served).to.equal(1);
    semaphore.resize(3);
    await Promise.all(waiting);
    expect(served).to.equal(3);
  });
});

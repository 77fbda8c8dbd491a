import { expect } from 'chai';
import { describe, it } from 'mocha';
import { guardianLease, Lease, lost } from '../../../harness/engine/lease.ts';
import { ManualClock } from '../../helpers/clock.ts';

function setUp() {
  const clock = new ManualClock();
  const lease = new Lease(10_000);
  const state = { lost: false };
  const over = new AbortController();
  const watching = lost(lease, clock, over.signal).then(() => void (state.lost = true));
  return { clock, lease, state, over, watching };
}

it('a guardian that does not answer loses its post at the sixth look, and not before its first word', () => {
  const lease = guardianLease();
  for (let i = 0; i < 60; i += 1) expect(lease.look()).to.equal(false);
  lease.renew();
  for (let i = 0; i < 5; i += 1) expect(lease.look()).to.equal(false);
  expect(lease.look()).to.equal(true);
});

describe('the lease of a run', () => {
  it('is lost after ten seconds of silence, and not before', async () => {
    const { clock, lease, state } = setUp();
    lease.renew();
    await clock.advance(10_000);
    expect(state.lost).to.equal(false);
    await clock.advance(600);
    expect(state.lost).to.equal(true);
  });

  it('is kept by whoever is heard of, and by whoever has nothing in force', async () => {
    const { clock, lease, state, over, watching } = setUp();
    await clock.advance(60_000);
    for (let i = 0; i < 60; i += 1) {
      lease.renew();
      await clock.advance(9_000);
    }
    lease.rest();
    await clock.advance(600_000);
    expect(state.lost).to.equal(false);
    over.abort(new Error('over'));
    expect(await watching.catch((error: unknown) => error)).to.have.property('message', 'over');
  });

  it('is not lost because the guardian was stopped: what was not looked at is not silence', () => {
    const lease = new Lease(10_000);
    lease.renew();
    // An hour later by the clock, and one look later by its own count.
    expect(lease.look()).to.equal(false);
    lease.renew();
    for (let i = 0; i < 20; i += 1) expect(lease.look()).to.equal(false);
    expect(lease.look()).to.equal(true);
  });
});

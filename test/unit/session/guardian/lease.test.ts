import { expect } from 'chai';
import { describe, it } from 'mocha';
import { guardianLease, Lease, lost } from '../../../../harness/session/guardian/lease.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';

function setUp() {
  const clock = new ManualClock();
  const lease = new Lease(10_000);
  const state = { lost: false };
  const over = new AbortController();
  const watching = lost(lease, clock, over.signal).then(() => void (state.lost = true));
  return { clock, lease, state, over, watching };
}

it('a guardian loses its post at the sixth observation of its silence, and never before its first word', () => {
  const lease = guardianLease();
  for (let i = 0; i < 60; i += 1) expect(lease.look()).to.equal(false);
  lease.renew();
  for (let i = 0; i < 5; i += 1) expect(lease.look()).to.equal(false);
  expect(lease.look()).to.equal(true);
});

describe('the lease of a session', () => {
  it('is lost after ten seconds of silence, and not before', async () => {
    const { clock, lease, state } = setUp();
    lease.renew();
    await clock.advance(10_000);
    expect(state.lost).to.equal(false);
    await clock.advance(600);
    expect(state.lost).to.equal(true);
  });

  it('is kept by a session that gives signs of life, and by a session with no fault in force', async () => {
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

  it('counts observations and not time, so that it is not lost while the guardian was stopped', () => {
    const lease = new Lease(10_000);
    lease.renew();
    // Even after an hour by the clock, the lease counts one observation only.
    expect(lease.look()).to.equal(false);
    lease.renew();
    for (let i = 0; i < 20; i += 1) expect(lease.look()).to.equal(false);
    expect(lease.look()).to.equal(true);
  });
});

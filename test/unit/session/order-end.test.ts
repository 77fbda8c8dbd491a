import { expect } from 'chai';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../../harness/disk/process-id.ts';
import { orderEnd } from '../../../harness/session/order-end.ts';
import { Places } from '../../../harness/session/places.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const RUN = '20261124T043000Z-redis-loss-3f9a';
const WITHIN_MS = 10_000;

/** A topology that a run holds. */
function held(run = RUN) {
  const places = new Places(join(temporaryFolder(), 'places'));
  const common = { doing: 'session', dir: undefined, place: '/clones/a', since: '', guardian: undefined } as const;
  const claim = places.lock.acquire({ ...common, run, runner: processId(process.pid) });
  return { places, claim, clock: new ManualClock() };
}

describe('the order to a run to end', () => {
  it('is on disk at once, and gone when the run has ended', async () => {
    const { places, claim, clock } = held();
    const over = orderEnd(places, RUN, WITHIN_MS, clock);
    expect(places.stop.read()).to.include({ run: RUN });
    await clock.advance(1_000);
    expect(places.stop.read()).to.include({ run: RUN });
    places.lock.release(claim);
    expect(await clock.through(over)).to.equal(true);
    expect(places.stop.read()).to.equal(undefined);
  });

  it('leaves a switch as it is that a person keeps on', async () => {
    const { places, claim, clock } = held();
    places.stop.write({ since: 'long ago' });
    const over = orderEnd(places, RUN, WITHIN_MS, clock);
    places.lock.release(claim);
    await clock.through(over);
    expect(places.stop.held).to.equal(true);
  });

  it('says so when the run does not end in time', async () => {
    const { places, clock } = held();
    expect(await clock.through(orderEnd(places, RUN, WITHIN_MS, clock))).to.equal(false);
  });

  it('is refused when the run is not at work', () => {
    const { places, clock } = held('another-run');
    for (const given of [places, undefined])
      expect(() => void orderEnd(given, RUN, WITHIN_MS, clock))
        .to.throw('is not at work')
        .with.property('code', 'CHAOS_NO_RUN');
    expect(places.stop.read()).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Clock, systemClock } from '../../harness/core/clock.ts';
import { ManualClock } from '../helpers/doubles/clock.ts';

interface Kind {
  readonly name: string;
  readonly clock: Clock;
  /** Lets time pass until the work has ended. */
  readonly through: <T>(work: Promise<T>) => Promise<T>;
}

const manual = new ManualClock();
const KINDS: readonly Kind[] = [
  { name: 'the system clock', clock: systemClock, through: async (work) => work },
  { name: 'the manual clock', clock: manual, through: (work) => manual.through(work, 1) },
];

describe('laws of every clock', () => {
  for (const { name, clock, through } of KINDS) {
    describe(name, () => {
      it('has slept for at least the asked time, and its time never goes back', async () => {
        const begun = clock.now();
        await through(clock.sleep(5));
        // A timer of the system counts whole milliseconds.
        expect(clock.now() - begun).to.be.at.least(4);
      });

      it('wakes sleepers in the order of their times', async () => {
        const woken: number[] = [];
        const sleeper = async (ms: number): Promise<void> => {
          await clock.sleep(ms);
          woken.push(ms);
        };
        await through(Promise.all([sleeper(30), sleeper(1), sleeper(15)]));
        expect(woken).to.deep.equal([1, 15, 30]);
      });

      it('takes a negative time for none', async () => {
        await through(clock.sleep(-1_000));
      });

      it("rejects with the signal's own reason, during a sleep and before it", async () => {
        const reason = new Error('the run is over');
        const during = new AbortController();
        const sleeping = clock.sleep(60_000, during.signal).catch((error: unknown) => error);
        during.abort(reason);
        expect(await through(sleeping)).to.equal(reason);
        const early = clock.sleep(60_000, AbortSignal.abort(reason)).catch((error: unknown) => error);
        expect(await through(early)).to.equal(reason);
      });
    });
  }
});

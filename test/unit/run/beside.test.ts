import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../harness/core/errors.ts';
import type { Phase } from '../../../harness/core/plan/phases.ts';
import { recorded, type Recording } from '../../helpers/samples/recording.ts';
import type { ManualClock } from '../../helpers/doubles/clock.ts';

const lengthOf = ({ judged }: Recording, phase: Phase): number | undefined => {
  const window = judged.history.windows.find((one) => one.phase === phase);
  return window === undefined ? undefined : window.ended - window.started;
};

/** Sleeps for `ms`, or until the signal aborts. */
const busy = (clock: ManualClock, ms: number) => (signal: AbortSignal) =>
  clock.sleep(ms, signal).catch(() => undefined);

describe('work beside a phase', function () {
  // This only guards against a hang: the clock is manual.
  this.timeout(20_000);

  it('ends the fault phase, and the fault is healed then', async () => {
    const recording = await recorded({ beside: (clock) => ({ phase: 'fault', work: busy(clock, 12_000) }) });
    expect(lengthOf(recording, 'fault')).to.equal(12_000);
    expect(lengthOf(recording, 'recovery')).to.equal(20_000);
    expect(recording.topology.wrong).to.deep.equal([]);
    expect(recording.judged.document).to.include({ restored: true });
    expect(recording.judged.document.invalid.filter(({ code }) => code === 'CHAOS_EVIDENCE_MISSING')).to.deep.equal([]);
  });

  it('ends the baseline of a plan that changes nothing', async () => {
    const recording = await recorded({
      faults: [],
      beside: (clock) => ({ phase: 'baseline', work: busy(clock, 7_000) }),
    });
    expect(lengthOf(recording, 'baseline')).to.equal(7_000);
    expect(lengthOf(recording, 'fault')).to.equal(undefined);
  });

  it('is told when the phase is over, and the phase waits until it has ended', async () => {
    let told = 0;
    const recording = await recorded({
      beside: (clock) => ({
        phase: 'fault',
        work: async (signal) => {
          await busy(clock, 3_600_000)(signal);
          told = clock.now();
          await clock.sleep(2_000);
        },
      }),
    });
    const fault = recording.judged.history.windows.find(({ phase }) => phase === 'fault');
    expect(told - (fault?.started ?? 0)).to.equal(30_000);
    expect(lengthOf(recording, 'fault')).to.equal(32_000);
  });

  it('is told when the run is interrupted, and the healing does not wait for it', async () => {
    let [toldAt, endedAt] = [0, 0];
    const recording = await recorded({
      beside: (clock) => ({
        phase: 'fault',
        work: async (signal) => {
          await busy(clock, 3_600_000)(signal);
          toldAt = clock.now();
          await clock.sleep(5_000);
          endedAt = clock.now();
        },
      }),
      onEvent: (event, interruption) => {
        if (event.kind === 'fault.injected') interruption.interrupt('SIGINT');
      },
    });
    const healed = recording.events.find(({ kind }) => kind === 'fault.healed');
    expect(toldAt).to.be.above(0);
    expect((healed?.t ?? Infinity) - toldAt).to.be.below(1_000);
    expect(recording.judged.document).to.include({ verdict: 'INTERRUPTED', restored: true });
    expect(endedAt).to.equal(0);
  });

  it('ends the run when it fails, and everything is put back', async () => {
    const recording = await recorded({
      beside: (clock) => ({
        phase: 'fault',
        work: async () => {
          await clock.sleep(5_000);
          throw new ChaosError('CHAOS_LOAD_FAILED', { what: 'the generator died', hint: '-', exit: 'error' });
        },
      }),
    });
    expect(recording.judged.document).to.include({ verdict: 'ERROR', restored: true });
    expect(recording.judged.document.reason).to.include('the generator died');
    expect(recording.topology.wrong).to.deep.equal([]);
  });
});

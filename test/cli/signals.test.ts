import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InForce, listen } from '../../harness/commands/signals.ts';
import type { SignalName, World } from '../../harness/core/world.ts';
import { Interruption } from '../../harness/engine/interruption.ts';
import { ManualClock } from '../helpers/clock.ts';

/** A process in the middle of a run with one fault in force, and two that are taken back. */
function setUp() {
  const clock = new ManualClock();
  const interruption = new Interruption();
  const inForce = new InForce();
  for (const id of ['kill-1', 'latency-2', 'pause-3'])
    inForce.onEvent({ t: 0, kind: 'fault.injecting', id, fault: 'kill', params: {} });
  for (const id of ['latency-2', 'pause-3']) inForce.onEvent({ t: 1, kind: 'fault.healed', id });
  const exits: number[] = [];
  let said = '';
  let handle: ((signal: SignalName) => void) | undefined;
  const world = {
    err: { write: (text: string) => void (said += text) },
    onSignals: (handler: (signal: SignalName) => void) => {
      handle = handler;
      return { [Symbol.dispose]: () => (handle = undefined) };
    },
    exitNow: (code: number) => void exits.push(code),
  } as unknown as World;
  const listening = listen(world, interruption, inForce, clock);
  const signal = (name: SignalName): string => {
    said = '';
    handle?.(name);
    return said;
  };
  return { clock, interruption, inForce, exits, signal, listening, said: () => said, deaf: () => handle === undefined };
}

describe('signals to a run', () => {
  it('Ctrl-C once: in order, with what is put back', () => {
    const { interruption, exits, signal } = setUp();
    expect(signal('SIGINT')).to.equal('\nPutting back kill-1 (Ctrl-C again: without the checks and the report)\n');
    expect([interruption.signal.aborted, interruption.hurry.aborted, exits]).to.deep.equal([true, false, []]);
  });

  it('twice: healing only; thrice: at once, 130, with what may remain and what to do', () => {
    const { interruption, exits, signal } = setUp();
    signal('SIGINT');
    expect(signal('SIGINT')).to.equal('\nPutting back kill-1, no report (Ctrl-C again: leave it to the guardian)\n');
    expect([interruption.hurry.aborted, exits]).to.deep.equal([true, []]);
    expect(signal('SIGINT')).to.include('kill-1 may still be in force').and.to.include('chaos heal');
    expect(exits).to.deep.equal([130]);
  });

  for (const name of ['SIGTERM', 'SIGHUP'] as const) {
    it(`${name}: in order, and after 5.5 s at once, 143, before a CI runner's SIGKILL`, async () => {
      const { clock, interruption, exits, signal, said } = setUp();
      signal(name);
      expect(interruption.by).to.equal(name);
      await clock.advance(5_400);
      expect(exits).to.deep.equal([]);
      await clock.advance(200);
      expect(exits).to.deep.equal([143]);
      expect(said()).to.include('kill-1 may still be in force');
    });
  }

  it('a run that has ended in time is not ended again, and listens no more', async () => {
    const { clock, exits, signal, listening, inForce, deaf } = setUp();
    inForce.onEvent({ t: 2, kind: 'fault.healed', id: 'kill-1' });
    expect(signal('SIGTERM')).to.include('Ending the run');
    await clock.advance(3_000);
    listening[Symbol.dispose]();
    await clock.advance(10_000);
    expect(exits).to.deep.equal([]);
    expect(deaf()).to.equal(true);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InForce } from '../../harness/core/record/in-force.ts';
import type { Session } from '../../harness/session/session.ts';
import { endAtSignals } from '../../harness/session/signals.ts';
import type { SignalName, World } from '../../harness/core/world.ts';
import { type Interrupter, Interruption } from '../../harness/run/interruption.ts';
import { ManualClock } from '../helpers/doubles/clock.ts';

const STEP = { do: 'start-container', container: { id: 'c1', name: 'chaos-app-1', service: 'app' } } as const;

/** Plays a session in the middle of a run. One fault is in force, and two faults are healed. */
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
  const hurried = Promise.withResolvers<void>();
  let hurries = 0;
  interruption.onHurry(() => {
    hurries += 1;
    return hurried.promise;
  });
  const session = {
    interrupt: (by: Interrupter) => interruption.interrupt(by),
    hurry: () => interruption.hurry(),
    get inForce() {
      return inForce.text;
    },
    get interruptedBy() {
      return interruption.by;
    },
    lastRun: 'a-run',
  } as Session;
  const listening = endAtSignals({ world, session, clock });
  const signal = (name: SignalName): string => {
    said = '';
    handle?.(name);
    return said;
  };
  return {
    clock,
    interruption,
    inForce,
    exits,
    signal,
    listening,
    undone: hurried.resolve,
    hurries: () => hurries,
    said: () => said,
    deaf: () => handle === undefined,
  };
}

describe('a run that receives a signal', () => {
  it('ends in order at the first Ctrl-C, and says what it puts back', async () => {
    const { clock, interruption, exits, hurries, signal } = setUp();
    expect(signal('SIGINT')).to.equal(
      '\nPutting back kill-1 (Ctrl-C again: at once, without the checks and the report)\n',
    );
    await clock.advance(60_000);
    expect([interruption.signal.aborted, hurries(), exits]).to.deep.equal([true, 0, []]);
  });

  it('starts every undo at the second Ctrl-C, leaves 3 s later with 130, and says what may remain', async () => {
    const { clock, exits, hurries, signal, said } = setUp();
    signal('SIGINT');
    expect(signal('SIGINT')).to.equal(
      '\nPutting back kill-1 at once, for 3 s at most (Ctrl-C again: leave it to the guardian)\n',
    );
    await clock.advance(2_900);
    expect([hurries(), exits]).to.deep.equal([1, []]);
    await clock.advance(200);
    expect(exits).to.deep.equal([130]);
    expect(said()).to.include('kill-1 may still be in force').and.to.include('`chaos heal a-run`');
  });

  it('leaves once after the second Ctrl-C, when every undo has ended, and says that the guardian checks', async () => {
    const { clock, exits, inForce, signal, said, undone } = setUp();
    signal('SIGINT');
    signal('SIGINT');
    inForce.onEvent({ t: 2, kind: 'fault.healed', id: 'kill-1' });
    undone();
    await clock.advance(0);
    expect(exits).to.deep.equal([130]);
    expect(said()).to.include('Nothing is known to be in force, and the guardian checks it now');
    await clock.advance(60_000);
    expect(exits).to.deep.equal([130]);
  });

  it('keeps its own exit code when it ends in order after the second Ctrl-C', async () => {
    const { clock, exits, signal, listening, undone } = setUp();
    signal('SIGINT');
    signal('SIGINT');
    listening[Symbol.dispose]();
    undone();
    await clock.advance(60_000);
    expect(exits).to.deep.equal([]);
  });

  it('leaves at once at the third Ctrl-C', () => {
    const { exits, signal } = setUp();
    signal('SIGINT');
    signal('SIGINT');
    expect(signal('SIGINT')).to.include('kill-1 may still be in force').and.to.include('`chaos heal a-run`');
    expect(exits).to.deep.equal([130]);
  });

  it('names a fault whose undo failed until the audit for residue finds nothing', () => {
    const { inForce } = setUp();
    inForce.onEvent({ t: 2, kind: 'undo.failed', id: 'kill-1', step: STEP, error: 'late' });
    inForce.onEvent({ t: 3, kind: 'fault.healed', id: 'kill-1' });
    expect(inForce.text).to.equal('kill-1');
    inForce.onEvent({ t: 4, kind: 'residue', residue: [], healthy: true });
    expect(inForce.text).to.equal(undefined);
  });

  for (const name of ['SIGTERM', 'SIGHUP'] as const) {
    it(`ends in order at ${name}, and leaves after 5 s with 143, before a CI runner sends SIGKILL`, async () => {
      const { clock, interruption, exits, signal, said } = setUp();
      signal(name);
      expect(interruption.by).to.equal(name);
      await clock.advance(4_900);
      expect(exits).to.deep.equal([]);
      await clock.advance(200);
      expect(exits).to.deep.equal([143]);
      expect(said()).to.include('kill-1 may still be in force');
    });
  }

  it('is not ended again after it has ended in time, and listens no more', async () => {
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

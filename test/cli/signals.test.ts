import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InForce, listen } from '../../harness/commands/signals.ts';
import type { SignalName, World } from '../../harness/core/world.ts';
import { Interruption } from '../../harness/engine/interruption.ts';
import { ManualClock } from '../helpers/clock.ts';

const STEP = { do: 'start-container', container: { id: 'c1', name: 'chaos-app-1', service: 'app' } } as const;

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
  const hurried = Promise.withResolvers<void>();
  let hurries = 0;
  interruption.onHurry(() => {
    hurries += 1;
    return hurried.promise;
  });
  const listening = listen({ world, interruption, inForce, clock, run: 'a-run' });
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

describe('signals to a run', () => {
  it('Ctrl-C once: in order, with what is put back', async () => {
    const { clock, interruption, exits, hurries, signal } = setUp();
    expect(signal('SIGINT')).to.equal(
      '\nPutting back kill-1 (Ctrl-C again: at once, without the checks and the report)\n',
    );
    await clock.advance(60_000);
    expect([interruption.signal.aborted, hurries(), exits]).to.deep.equal([true, 0, []]);
  });

  it('twice: every undo at once, and 3 s later it leaves: 130, with what may remain and what to do', async () => {
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

  it('twice, and every undo has ended: it leaves then, once, and says that nobody has checked yet', async () => {
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

  it('twice, and the run came to its end in order meanwhile: its own exit code holds', async () => {
    const { clock, exits, signal, listening, undone } = setUp();
    signal('SIGINT');
    signal('SIGINT');
    listening[Symbol.dispose]();
    undone();
    await clock.advance(60_000);
    expect(exits).to.deep.equal([]);
  });

  it('thrice: now', () => {
    const { exits, signal } = setUp();
    signal('SIGINT');
    signal('SIGINT');
    expect(signal('SIGINT')).to.include('kill-1 may still be in force').and.to.include('`chaos heal a-run`');
    expect(exits).to.deep.equal([130]);
  });

  it('a fault whose undo failed may remain, until the audit finds nothing', () => {
    const { inForce } = setUp();
    inForce.onEvent({ t: 2, kind: 'undo.failed', id: 'kill-1', step: STEP, error: 'late' });
    inForce.onEvent({ t: 3, kind: 'fault.healed', id: 'kill-1' });
    expect(inForce.text).to.equal('kill-1');
    inForce.onEvent({ t: 4, kind: 'residue', residue: [], healthy: true });
    expect(inForce.text).to.equal(undefined);
  });

  for (const name of ['SIGTERM', 'SIGHUP'] as const) {
    it(`${name}: in order, and after 5 s at once, 143, before a CI runner's SIGKILL`, async () => {
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

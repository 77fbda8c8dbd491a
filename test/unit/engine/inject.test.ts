import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/events.ts';
import type { Fault } from '../../../harness/core/fault.ts';
import type { UndoStep } from '../../../harness/core/undo.ts';
import { ActiveFault } from '../../../harness/engine/inject.ts';
import { readJournal, UndoJournal } from '../../../harness/engine/journal.ts';
import kill from '../../../harness/faults/kill.ts';
import { ManualClock } from '../../helpers/clock.ts';
import { MemoryTopology } from '../../helpers/topology.ts';

function setUp(guarded?: () => Promise<void>) {
  const dir = mkdtempSync(join(tmpdir(), 'inject-'));
  const topology = new MemoryTopology();
  const clock = new ManualClock();
  const events: RunEvent[] = [];
  const journal = new UndoJournal(dir);
  const emit = (event: RunEvent): void => void events.push(event);
  const planned = { id: 'kill-1', fault: 'kill', params: { service: 'app' }, at: 0, for: undefined };
  const active = new ActiveFault(planned, {
    topology,
    clock,
    journal,
    seed: 1,
    emit,
    ...(guarded === undefined ? {} : { guarded }),
  });
  const kinds = (): string[] => events.map((e) => e.kind);
  return { dir, topology, clock, events, kinds, journal, active };
}

const never = new AbortController().signal;

describe('an active fault', () => {
  it('records its way in order: decided, way back on disk, in force, healing, undone, healed', async () => {
    const { active, kinds, topology } = setUp();
    await active.inject(kill, never);
    await active.heal();
    expect(kinds()).to.deep.equal([
      'fault.injecting',
      'undo.recorded',
      'fault.injected',
      'fault.healing',
      'undo.done',
      'fault.healed',
    ]);
    expect([...topology.wrong]).to.deep.equal([]);
  });

  it('does not act when its way back cannot be written', async () => {
    const { active, journal, topology } = setUp();
    journal[Symbol.dispose](); // as a disk does that is full
    const error: unknown = await active.inject(kill, never).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(Error);
    expect(topology.acts).to.deep.equal([]);
  });

  it('takes no step forward while nobody stands by who would heal, and none at all when the run is aborted meanwhile', async () => {
    const guardian = Promise.withResolvers<void>();
    const { active, clock, kinds, topology } = setUp(() => guardian.promise);
    const injecting = active.inject(kill, never);
    await clock.advance(1_000);
    expect([kinds(), topology.acts]).to.deep.equal([['fault.injecting'], []]);
    guardian.resolve();
    await injecting;
    expect(topology.acts).to.deep.equal(['kill']);
    const nobody = Promise.withResolvers<void>();
    const lost = setUp(() => nobody.promise);
    const abort = new AbortController();
    const given = lost.active.inject(kill, abort.signal).catch((error: unknown) => error);
    abort.abort(new Error('the guardian had died'));
    nobody.resolve();
    expect(await given).to.have.property('message', 'the guardian had died');
    expect([lost.kinds(), lost.topology.acts]).to.deep.equal([['fault.injecting'], []]);
  });

  it('healed while its act is under way: the act ends first, then it is undone', async () => {
    const { active, clock, topology } = setUp();
    const act = topology.kill;
    topology.kill = async (c) => {
      await clock.sleep(400);
      await act(c);
    };
    const injecting = active.inject(kill, never);
    await clock.advance(100);
    const healing = active.heal();
    await clock.advance(500);
    await Promise.all([injecting, healing]);
    expect(topology.acts).to.deep.equal(['kill', 'undo start-container']);
    expect([...topology.wrong]).to.deep.equal([]);
  });

  it('takes no step forward once it was aborted', async () => {
    const { active, clock, topology, dir } = setUp();
    const abort = new AbortController();
    topology.resolve = async () => {
      await clock.sleep(400);
      return [{ id: 'c1', name: 'chaos-app-1', service: 'app' }];
    };
    const injecting = active.inject(kill, abort.signal).catch((e: unknown) => e);
    await clock.advance(100);
    abort.abort(new Error('enough'));
    const healing = active.heal();
    await clock.advance(500);
    expect(await injecting).to.have.property('message', 'enough');
    expect(await healing).to.deep.equal([]);
    expect(topology.acts).to.deep.equal([]);
    expect(readJournal(dir)).to.deep.equal([]);
  });

  it('is healed once, however often it is asked, and answers each the steps that failed', async () => {
    const { active, topology, kinds } = setUp();
    await active.inject(kill, never);
    topology.undo = () => Promise.reject(new Error('no answer'));
    const [first, second] = await Promise.all([active.heal(), active.heal()]);
    expect(first).to.have.lengthOf(1);
    expect(second).to.equal(first);
    expect(kinds().filter((k) => k === 'undo.failed')).to.have.lengthOf(1);
  });

  describe('in a hurry', () => {
    const steps = (...names: string[]): UndoStep[] =>
      names.map((name) => ({ do: 'start-container', container: { id: name, name, service: 'app' } }));
    /** Records so many steps, and acts for so long. */
    const acting = (clock: ManualClock, ms: number, names: string[]): Fault => ({
      ...kill,
      inject: async ({ undo }) => {
        for (const step of steps(...names)) await undo(step);
        if (ms > 0) await clock.sleep(ms);
        return [];
      },
    });
    /** Notes which steps are undone; those of this name never end. */
    const noting = (topology: MemoryTopology, hangs?: string): string[] => {
      const undone: string[] = [];
      topology.undo = (step) => {
        const name = step.do === 'start-container' ? step.container.name : step.do;
        undone.push(name);
        return name === hangs ? new Promise(() => undefined) : Promise.resolve();
      };
      return undone;
    };

    it('fires every undo at once: one that hangs keeps no other from its turn', async () => {
      const { active, clock, topology } = setUp();
      await active.inject(acting(clock, 0, ['first', 'second', 'third']), never);
      const undone = noting(topology, 'third');
      void active.heal();
      await clock.advance(100);
      expect(undone, 'in order').to.deep.equal(['third']);
      void active.undoAtOnce();
      await clock.advance(0);
      expect(undone).to.deep.equal(['third', 'second', 'first']);
    });

    it('does nothing twice that has succeeded, tries again what has failed, and ends when all have', async () => {
      const { active, clock, topology } = setUp();
      await active.inject(acting(clock, 0, ['first', 'second']), never);
      topology.undo = (step) =>
        step.do === 'start-container' && step.container.name === 'first'
          ? Promise.reject(new Error('no answer'))
          : Promise.resolve();
      expect(await active.heal()).to.have.lengthOf(1);
      const undone = noting(topology);
      await active.undoAtOnce();
      expect(undone).to.deep.equal(['first']);
    });

    it('does not wait for an act that is under way, and undoes it again after that', async () => {
      const { active, clock, topology } = setUp();
      const undone = noting(topology);
      const injecting = active.inject(acting(clock, 400, ['first']), never);
      await clock.advance(100);
      const hurry = active.undoAtOnce();
      await clock.advance(0);
      expect(undone).to.deep.equal(['first']);
      await clock.advance(400);
      await Promise.all([injecting, hurry]);
      expect(undone).to.deep.equal(['first', 'first']);
    });
  });

  it('is healed when nothing can be recorded any more', async () => {
    const { topology, clock, journal } = setUp();
    let full = false;
    const emit = (): void => {
      if (full) throw new Error('ENOSPC');
    };
    const planned = { id: 'kill-1', fault: 'kill', params: { service: 'app' }, at: 0, for: undefined };
    const active = new ActiveFault(planned, { topology, clock, journal, seed: 1, emit });
    await active.inject(kill, never);
    full = true;
    await active.heal();
    expect([...topology.wrong]).to.deep.equal([]);
  });
});

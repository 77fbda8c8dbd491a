import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import type { BoundFault, FaultContext } from '../../../../harness/core/kinds/fault.ts';
import type { UndoStep } from '../../../../harness/core/topology/undo.ts';
import { ActiveFault } from '../../../../harness/run/steps/inject.ts';
import { readJournal, UndoJournal } from '../../../../harness/heal/journal.ts';
import kill from '../../../../harness/faults/kill.ts';
import pause from '../../../../harness/faults/pause.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';
import { withLedger } from '../../../helpers/holding.ts';

function setUp(guarded?: () => Promise<void>) {
  const dir = mkdtempSync(join(tmpdir(), 'inject-'));
  const topology = new MemoryTopology();
  const clock = new ManualClock();
  const events: RunEvent[] = [];
  const journal = new UndoJournal(dir);
  const emit = (event: RunEvent): void => void events.push(event);
  const planned = { id: 'kill-1', fault: 'kill', params: { service: 'app', replica: 1 }, at: 0, for: undefined };
  const active = new ActiveFault(
    planned,
    withLedger({ topology, clock, journal, seed: 1, emit, ...(guarded === undefined ? {} : { guarded }) }),
  );
  const kinds = (): string[] => events.map((e) => e.kind);
  return { dir, topology, clock, events, kinds, journal, active };
}

const KILL = kill.bind({ service: 'app', replica: 1 });

const never = new AbortController().signal;

describe('an active fault', () => {
  it('records its events in order: decided, undo on disk, in force, healing, undone, healed', async () => {
    const { active, kinds, topology } = setUp();
    await active.inject(KILL, never);
    await active.heal();
    expect(kinds()).to.deep.equal([
      'fault.injecting',
      'undo.recorded',
      'fault.injected',
      'fault.healing',
      'undo.done',
      'fault.healed',
    ]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('draws its targets for itself, in each round of a repeat again, and the same for the same seed (case V7)', async () => {
    const draws = async (seed: number, id: (round: number) => string): Promise<string[]> => {
      const drawn: string[] = [];
      for (let round = 1; round <= 20; round += 1) {
        const { topology, clock, journal, events } = setUp();
        const planned = { id: id(round), fault: 'pause', params: {}, at: 0, for: undefined };
        const emit = (event: RunEvent): void => void events.push(event);
        const active = new ActiveFault(planned, withLedger({ topology, clock, journal, seed, emit }));
        await active.inject(pause.bind({ service: 'app', count: 1 }), never);
        await active.heal();
        drawn.push(...events.flatMap((event) => (event.kind === 'fault.injected' ? event.targets : [])));
      }
      return drawn;
    };
    const rounds = await draws(42, (round) => `pause-1.${round}`);
    expect(new Set(rounds), 'every replica has its turn').to.have.property('size', 3);
    expect(await draws(42, (round) => `pause-1.${round}`), 'the same seed').to.deep.equal(rounds);
    expect(await draws(43, (round) => `pause-1.${round}`), 'another seed').not.to.deep.equal(rounds);
    expect(await draws(42, (round) => `pause-2.${round}`), 'another fault').not.to.deep.equal(rounds);
    expect(new Set(await draws(42, () => 'pause-1')), 'one fault').to.have.property('size', 1);
  });

  it('does not act when its undo cannot be written', async () => {
    const { active, journal, topology } = setUp();
    journal[Symbol.dispose](); // now the journal cannot be written, as on a full disk
    const error: unknown = await active.inject(KILL, never).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(Error);
    expect(topology.acts).to.deep.equal([]);
  });

  it('does not act while no guardian stands by, and never acts when the run is aborted meanwhile', async () => {
    const guardian = Promise.withResolvers<void>();
    const { active, clock, kinds, topology } = setUp(() => guardian.promise);
    const injecting = active.inject(KILL, never);
    await clock.advance(1_000);
    expect([kinds(), topology.acts]).to.deep.equal([['fault.injecting'], []]);
    guardian.resolve();
    await injecting;
    expect(topology.acts).to.deep.equal(['kill']);
    const nobody = Promise.withResolvers<void>();
    const lost = setUp(() => nobody.promise);
    const abort = new AbortController();
    const given = lost.active.inject(KILL, abort.signal).catch((error: unknown) => error);
    abort.abort(new Error('the guardian had died'));
    nobody.resolve();
    expect(await given).to.have.property('message', 'the guardian had died');
    expect([lost.kinds(), lost.topology.acts]).to.deep.equal([['fault.injecting'], []]);
  });

  it('waits for the end of its act before it undoes the act, when it is healed during the act', async () => {
    const { active, clock, topology } = setUp();
    const act = topology.containers.kill;
    topology.containers.kill = async (c) => {
      await clock.sleep(400);
      await act(c);
    };
    const injecting = active.inject(KILL, never);
    await clock.advance(100);
    const healing = active.heal();
    await clock.advance(500);
    await Promise.all([injecting, healing]);
    expect(topology.acts).to.deep.equal(['kill', 'undo start-container']);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('does not act after it was aborted', async () => {
    const { active, clock, topology, dir } = setUp();
    const abort = new AbortController();
    topology.containers.resolve = async () => {
      await clock.sleep(400);
      return [{ id: 'chaos-app-1', name: 'chaos-app-1', service: 'app' }];
    };
    const injecting = active.inject(KILL, abort.signal).catch((e: unknown) => e);
    await clock.advance(100);
    abort.abort(new Error('enough'));
    const healing = active.heal();
    await clock.advance(500);
    expect(await injecting).to.have.property('message', 'enough');
    expect(await healing).to.deep.equal([]);
    expect(topology.acts).to.deep.equal([]);
    expect(readJournal(dir)).to.deep.equal([]);
  });

  it('refuses every call of a fault that is over: undo, hold, commands, containers and links (case H7)', async () => {
    const { active, topology, dir, clock } = setUp();
    let given: FaultContext | undefined;
    await active.inject({ ...KILL, inject: async (ctx) => ((given = ctx), []) }, never);
    await active.heal();
    const { topology: gated, undo, hold, meanwhile } = given!;
    const app = { id: 'a', name: 'chaos-app-1', service: 'app' };
    const proxy = { name: 'app-to-redis', listen: '', upstream: '' };
    const command = { redis: ['CONFIG', 'SET', 'maxmemory', '1'] };
    const held = { place: 'Redis', what: 'memory', value: '1', before: () => [], set: () => gated.act(command) };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => undo({ do: 'start-container', container: app }),
      () => hold(held),
      () => gated.act(command),
      () => gated.ask({ redis: ['PING'] }),
      () => gated.containers.resolve({ service: 'app' }, () => 0),
      () => gated.containers.kill(app),
      () => gated.containers.limit(app, { cpus: 0.1 }),
      () => gated.links.proxy('app-to-redis'),
      () => gated.links.disableProxy(proxy),
    ];
    for (const call of calls)
      expect(await call().catch((error: unknown) => (error as Error).message)).to.equal('kill-1 is healed');
    let stopped: unknown;
    meanwhile((signal) => clock.sleep(1_000, signal).catch((reason: unknown) => void (stopped = reason)));
    await clock.advance(2_000);
    expect(stopped).to.have.property('message', 'kill-1 is healed');
    expect([topology.acts, topology.wrong, readJournal(dir)]).to.deep.equal([[], [], []]);
  });

  it('heals once, however often it is asked to, and returns the failed steps each time', async () => {
    const { active, topology, kinds } = setUp();
    await active.inject(KILL, never);
    topology.undo = () => Promise.reject(new Error('no answer'));
    const [first, second] = await Promise.all([active.heal(), active.heal()]);
    expect(first).to.have.lengthOf(1);
    expect(second).to.equal(first);
    expect(kinds().filter((k) => k === 'undo.failed')).to.have.lengthOf(1);
  });

  describe('in a hurry', () => {
    const steps = (...names: string[]): UndoStep[] =>
      names.map((name) => ({ do: 'start-container', container: { id: name, name, service: 'app' } }));
    /** A fault that records one undo step for each name, and then acts for `ms` milliseconds. */
    const acting = (clock: ManualClock, ms: number, names: string[]): BoundFault => ({
      ...KILL,
      inject: async ({ undo }) => {
        for (const step of steps(...names)) await undo(step);
        if (ms > 0) await clock.sleep(ms);
        return [];
      },
    });
    /** Lists the steps that are undone. The undo of the step that is named `hangs` never ends. */
    const noting = (topology: MemoryTopology, hangs?: string): string[] => {
      const undone: string[] = [];
      topology.undo = (step) => {
        const name = step.do === 'start-container' ? step.container.name : step.do;
        undone.push(name);
        return name === hangs ? new Promise(() => undefined) : Promise.resolve();
      };
      return undone;
    };

    it('fires every undo at once, so that an undo that hangs does not stop another one', async () => {
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

    it('repeats no undo that succeeded, tries every failed undo again, and ends when all have ended', async () => {
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

    it('does not wait for an act that is under way, and undoes the act once more after its end', async () => {
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

  it('is healed even when no event can be recorded any more', async () => {
    const { topology, clock, journal } = setUp();
    let full = false;
    const emit = (): void => {
      if (full) throw new Error('ENOSPC');
    };
    const planned = { id: 'kill-1', fault: 'kill', params: { service: 'app', replica: 1 }, at: 0, for: undefined };
    const active = new ActiveFault(planned, withLedger({ topology, clock, journal, seed: 1, emit }));
    await active.inject(KILL, never);
    full = true;
    await active.heal();
    expect(topology.wrong).to.deep.equal([]);
  });
});

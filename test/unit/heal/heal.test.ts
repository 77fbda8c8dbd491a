import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { UndoStep } from '../../../harness/core/topology/undo.ts';
import { ResidueAudit } from '../../../harness/heal/audit.ts';
import { type Healer, undoAll } from '../../../harness/heal/undo.ts';
import { waitHealthy } from '../../../harness/heal/health.ts';
import type { JournalEntry } from '../../../harness/core/topology/undo.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';

const container = { id: 'chaos-app-1', name: 'chaos-app-1', service: 'app' };
const proxy = { name: 'app-to-redis', listen: '[::]:6003', upstream: 'redis:6379' };
const start: JournalEntry = { id: 'kill-1', step: { do: 'start-container', container } };
const enable: JournalEntry = { id: 'refuse-2', step: { do: 'enable-proxy', proxy } };

/** What the double says is wrong. */
const CUT = 'containers.chaos-toxiproxy-1.inside.proxies.app-to-redis.enabled is false, not true';
const OWED = 'outbox is ["chaos:nobody knows of it:1"], not []';

function kill({ world }: MemoryTopology): void {
  world.containers['chaos-app-1']!.state = 'stopped';
}

function refuse({ world }: MemoryTopology): void {
  world.containers['chaos-toxiproxy-1']!.inside.proxies!['app-to-redis']!.enabled = false;
}

function setUp() {
  const topology = new MemoryTopology();
  const events: RunEvent[] = [];
  const clock = new ManualClock();
  const healer: Healer = { topology, clock, by: 'run', emit: (event) => void events.push(event) };
  const undo = topology.undo;
  /** From now on, the first `times` undo steps of these kinds fail. */
  const failing = (kinds: readonly UndoStep['do'][], times = Infinity): void => {
    let left = times;
    topology.undo = (step) =>
      kinds.includes(step.do) && left-- > 0 ? Promise.reject(new Error('no answer')) : undo(step);
  };
  return { topology, events, clock, healer, failing };
}

describe('undoing the steps of a journal', () => {
  it('goes on after a step fails, and returns the failed step', async () => {
    const { topology, events, healer, failing } = setUp();
    kill(topology);
    refuse(topology);
    failing(['enable-proxy']);
    expect(await undoAll(healer, [enable, start])).to.deep.equal([enable]);
    expect(topology.wrong).to.deep.equal([CUT]);
    expect(events.map((e) => e.kind)).to.deep.equal(['undo.failed', 'undo.done']);
    expect(events[0]).to.include({ id: 'refuse-2', error: 'no answer' });
  });

  it('goes on when no event can be recorded, so that a full disk leaves no fault behind', async () => {
    const { topology, healer } = setUp();
    kill(topology);
    refuse(topology);
    const emit = (): void => {
      throw new Error('ENOSPC');
    };
    expect(await undoAll({ ...healer, emit }, [enable, start])).to.deep.equal([]);
    expect(topology.wrong).to.deep.equal([]);
  });
});

describe('the audit for residue', () => {
  const END = 'at the end of the run';
  const audits = (events: readonly RunEvent[]) => events.filter((e) => e.kind === 'audited');
  const repairs = (events: readonly RunEvent[]) => events.filter((e) => e.kind === 'repaired');

  it('changes nothing when nothing is wrong, and says that it looked', async () => {
    const { topology, healer, events } = setUp();
    const audit = new ResidueAudit(healer, (await topology.look()).snapshot);
    expect(await audit.look(END)).to.deep.equal([]);
    expect(topology.acts).to.deep.equal([]);
    expect(audit.found).to.equal(0);
    const [said, ...more] = events;
    expect(more).to.deep.equal([]);
    expect(said).to.deep.include({ kind: 'audited', at: END, by: 'run', compared: true, found: [], may_differ: [] });
  });

  it('says that it compared nothing when nobody took a snapshot before', async () => {
    const { healer, events } = setUp();
    await new ResidueAudit(healer).look(END);
    expect(events[0]).to.deep.include({ kind: 'audited', compared: false });
  });

  it('tells the residue before it repairs it, and what repaired it (case H2)', async () => {
    const { topology, healer, events } = setUp();
    topology.world.outbox.push('chaos:nobody knows of it:1');
    const restore = topology.restore;
    topology.restore = () => {
      expect(audits(events)).to.have.lengthOf(1);
      return restore();
    };
    const audit = new ResidueAudit(healer);
    expect(await audit.look(END)).to.deep.equal([]);
    const residue = { kind: 'wrong', target: OWED, how_to_undo: `mend ${OWED}` };
    expect(audits(events)[0]).to.deep.include({ found: [{ ...residue, since: END }] });
    expect(repairs(events)[0]).to.deep.include({ repaired: [{ ...residue, by: 'the audit' }], left: [] });
    expect(audit.found).to.equal(1);
  });

  it('tells of a value that only the snapshot shows (case H1)', async () => {
    const { topology, healer, events } = setUp();
    const audit = new ResidueAudit(healer, (await topology.look()).snapshot);
    const look = topology.look;
    // As when a limit is one that the compose file allows, and another than before.
    topology.look = async () => ({ ...(await look()), residue: [] });
    topology.world.containers['chaos-app-1']!.limits = { cpus: 0.1, memoryBytes: undefined };
    expect(await audit.look(END)).to.deep.equal([]);
    expect(audits(events)[0]?.found.map(({ target }) => target)).to.deep.equal([
      'chaos-app-1: limits.cpus was 1 and is 0.1; limits.memoryBytes was 268435456 and is undefined',
    ]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('says which look saw residue first, as long as the residue stays', async () => {
    const { topology, healer, events } = setUp();
    topology.world.outbox.push('chaos:nobody knows of it:1');
    const { restore } = topology;
    topology.restore = () => Promise.resolve();
    const audit = new ResidueAudit(healer);
    await audit.look('at the end of the heal phase');
    topology.restore = restore;
    await audit.look(END);
    topology.world.outbox.push('chaos:nobody knows of it:1');
    await audit.look('when the system was healthy again');
    expect(audits(events).map(({ found }) => found[0]?.since)).to.deep.equal([
      'at the end of the heal phase',
      'at the end of the heal phase',
      'when the system was healthy again',
    ]);
  });

  it('leaves the containers of a service alone while a controller decides how many they are', async () => {
    const { topology, healer } = setUp();
    const { snapshot: before } = await topology.look();
    topology.look = () => Promise.resolve({ residue: [], snapshot: { ...before, 'chaos-app-4': { service: 'app' } } });
    const audit = new ResidueAudit(healer, before);
    expect(await audit.look('at the end of the heal phase', { controlled: ['app'] })).to.deep.equal([]);
    expect(await audit.look(END)).to.have.lengthOf(1);
  });

  it('returns the residue that its repair did not remove, with a command for each', async () => {
    const { topology, healer, events } = setUp();
    topology.world.outbox.push('chaos:nobody knows of it:1');
    topology.restore = () => Promise.resolve();
    const left = [{ kind: 'wrong', target: OWED, how_to_undo: `mend ${OWED}` }];
    expect(await new ResidueAudit(healer).look(END)).to.deep.equal(left);
    expect(repairs(events)[0]).to.deep.include({ repaired: [], left });
  });

  it('looks again when its repair fails, and notes why', async () => {
    const { topology, healer, events } = setUp();
    topology.world.outbox.push('chaos:nobody knows of it:1');
    topology.restore = () => Promise.reject(new Error('toxiproxy is frozen'));
    expect(await new ResidueAudit(healer).look(END)).to.have.lengthOf(1);
    expect(events.find((e) => e.kind === 'note')).to.include({
      message: 'not everything could be repaired: toxiproxy is frozen',
    });
  });

  it('tries a failed undo step again, says that this repaired it, and counts it as failed no more', async () => {
    const { topology, healer, events, failing } = setUp();
    failing(['start-container'], 1);
    const failed = await undoAll(healer, [start]);
    expect(failed).to.have.lengthOf(1);
    const audit = new ResidueAudit(healer);
    expect(await audit.look('after a failed undo', { failed })).to.deep.equal([]);
    expect(topology.acts).to.include('undo start-container');
    expect(repairs(events)[0]?.repaired.map(({ kind, by }) => [kind, by])).to.deep.equal([
      ['not undone', 'its undo, tried again'],
    ]);
    expect(await audit.look(END, { failed })).to.deep.equal([]);
    expect(audits(events).at(-1)?.found).to.deep.equal([]);
  });

  it('returns an undo step that fails again as residue, with the command that does the same by hand', async () => {
    const { healer, failing } = setUp();
    failing(['start-container', 'enable-proxy']);
    expect(await new ResidueAudit(healer).look(END, { failed: [enable, start] })).to.deep.equal([
      {
        kind: 'not undone',
        target: 'refuse-2: enable proxy app-to-redis',
        how_to_undo: `curl -X POST -d '{"enabled":true}' http://127.0.0.1:18474/proxies/app-to-redis`,
      },
      { kind: 'not undone', target: 'kill-1: start chaos-app-1', how_to_undo: 'docker start chaos-app-1' },
    ]);
  });

  it('returns no command twice', async () => {
    const { topology, healer, failing } = setUp();
    failing(['start-container']);
    topology.restore = () => Promise.resolve();
    const stopped = { kind: 'stopped container', target: 'chaos-app-1', how_to_undo: 'docker start chaos-app-1' };
    topology.look = () => Promise.resolve({ residue: [stopped], snapshot: {} });
    expect(await new ResidueAudit(healer).look(END, { failed: [start] })).to.deep.equal([stopped]);
  });

  it('returns the failed steps and one residue of kind "unknown" when the engine does not answer', async () => {
    const { topology, healer, events, failing } = setUp();
    failing(['start-container']);
    topology.look = () => Promise.reject(new Error('connect ENOENT docker.sock'));
    const unknown = { kind: 'unknown', target: 'connect ENOENT docker.sock', how_to_undo: 'chaos heal' };
    const audit = new ResidueAudit(healer, {});
    expect(await audit.look(END, { failed: [start] })).to.deep.equal([
      { kind: 'not undone', target: 'kill-1: start chaos-app-1', how_to_undo: 'docker start chaos-app-1' },
      unknown,
    ]);
    expect(await audit.look(END)).to.deep.equal([unknown]);
    expect(audits(events).map(({ compared }) => compared)).to.deep.equal([false, false]);
  });

  it('waits a second before it looks, because the engine may still carry out an order of a dead run', async () => {
    const { topology, clock, healer } = setUp();
    const audit = new ResidueAudit(healer).look('after the run had died', { late: true });
    await clock.advance(900);
    kill(topology);
    await clock.advance(200);
    expect(await audit).to.deep.equal([]);
    expect(topology.acts).to.deep.equal(['restore']);
  });
});

describe('the wait for health', () => {
  it('ends when the topology is healthy, or returns what is missing when its time is over', async () => {
    const { topology, clock, healer } = setUp();
    topology.world.containers['chaos-postgres-a-1']!.health = 'starting';
    const well = waitHealthy(healer, 10_000);
    const never = waitHealthy(healer, 2_000);
    await clock.advance(2_500);
    expect(await never).to.deep.equal(['chaos-postgres-a-1 is starting']);
    topology.world.containers['chaos-postgres-a-1']!.health = 'healthy';
    await clock.advance(500);
    expect(await well).to.equal(undefined);
  });

  it('checks the health once when it has no time at all, and can be aborted', async () => {
    const { topology, clock, healer } = setUp();
    topology.world.containers['chaos-postgres-a-1']!.health = 'starting';
    expect(await waitHealthy(healer, 0)).to.deep.equal(['chaos-postgres-a-1 is starting']);
    const abort = new AbortController();
    const waiting = waitHealthy(healer, 60_000, abort.signal).catch((error: unknown) => error);
    await clock.advance(1_000);
    abort.abort(new Error('in a hurry'));
    expect(await waiting).to.have.property('message', 'in a hurry');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/events.ts';
import type { UndoStep } from '../../../harness/core/undo.ts';
import { auditResidue, type Healer, undoAll, waitHealthy } from '../../../harness/engine/heal.ts';
import type { JournalEntry } from '../../../harness/engine/journal.ts';
import { ManualClock } from '../../helpers/clock.ts';
import { MemoryTopology } from '../../helpers/topology.ts';

const container = { id: 'c1', name: 'chaos-app-1', service: 'app' };
const proxy = { name: 'app-to-redis', listen: '[::]:6003', upstream: 'redis:6379' };
const start: JournalEntry = { id: 'kill-1', step: { do: 'start-container', container } };
const enable: JournalEntry = { id: 'refuse-2', step: { do: 'enable-proxy', proxy } };

function setUp() {
  const topology = new MemoryTopology();
  const events: RunEvent[] = [];
  const clock = new ManualClock();
  const healer: Healer = { topology, clock, by: 'run', emit: (event) => void events.push(event) };
  const undo = topology.undo;
  /** From now on undo steps of these kinds fail, so many times. */
  const failing = (kinds: readonly UndoStep['do'][], times = Infinity): void => {
    let left = times;
    topology.undo = (step) =>
      kinds.includes(step.do) && left-- > 0 ? Promise.reject(new Error('no answer')) : undo(step);
  };
  return { topology, events, clock, healer, failing };
}

describe('undoing', () => {
  it('goes on after a step that fails, and answers it', async () => {
    const { topology, events, healer, failing } = setUp();
    topology.wrong.add('stopped chaos-app-1').add('disabled app-to-redis');
    failing(['enable-proxy']);
    expect(await undoAll(healer, [enable, start])).to.deep.equal([enable]);
    expect([...topology.wrong]).to.deep.equal(['disabled app-to-redis']);
    expect(events.map((e) => e.kind)).to.deep.equal(['undo.failed', 'undo.done']);
    expect(events[0]).to.include({ id: 'refuse-2', error: 'no answer' });
  });

  it('goes on when nothing can be recorded: a full disk leaves no fault behind', async () => {
    const { topology, healer } = setUp();
    topology.wrong.add('stopped chaos-app-1').add('disabled app-to-redis');
    const emit = (): void => {
      throw new Error('ENOSPC');
    };
    expect(await undoAll({ ...healer, emit }, [enable, start])).to.deep.equal([]);
    expect([...topology.wrong]).to.deep.equal([]);
  });
});

describe('the audit after healing', () => {
  it('touches nothing when nothing is wrong', async () => {
    const { topology, healer } = setUp();
    expect(await auditResidue(healer, [], false)).to.deep.equal([]);
    expect(topology.acts).to.deep.equal([]);
  });

  it('puts right what is still there, once more', async () => {
    const { topology, healer } = setUp();
    topology.wrong.add('toxic nobody knows of');
    expect(await auditResidue(healer, [], false)).to.deep.equal([]);
    expect(topology.acts).to.deep.equal(['restore']);
  });

  it('names what then remains', async () => {
    const { topology, healer } = setUp();
    topology.wrong.add('toxic nobody knows of');
    topology.restore = () => Promise.resolve();
    expect(await auditResidue(healer, [], false)).to.deep.equal([
      { kind: 'wrong', target: 'toxic nobody knows of', how_to_undo: 'mend toxic nobody knows of' },
    ]);
  });

  it('tries a failed step again: when that works, nothing is left', async () => {
    const { topology, healer, failing } = setUp();
    failing(['start-container'], 1);
    const failed = await undoAll(healer, [start]);
    expect(failed).to.have.lengthOf(1);
    expect(await auditResidue(healer, failed, false)).to.deep.equal([]);
    expect(topology.acts).to.include('undo start-container');
  });

  it('a step that fails again is residue, with the very command for it', async () => {
    const { healer, failing } = setUp();
    failing(['start-container', 'enable-proxy']);
    expect(await auditResidue(healer, [enable, start], false)).to.deep.equal([
      {
        kind: 'not undone',
        target: 'refuse-2: enable proxy app-to-redis',
        how_to_undo: `curl -X POST -d '{"enabled":true}' http://127.0.0.1:18474/proxies/app-to-redis`,
      },
      { kind: 'not undone', target: 'kill-1: start chaos-app-1', how_to_undo: 'docker start chaos-app-1' },
    ]);
  });

  it('does not tell the same command twice', async () => {
    const { topology, healer, failing } = setUp();
    failing(['start-container']);
    topology.restore = () => Promise.resolve();
    const stopped = { kind: 'stopped container', target: 'chaos-app-1', how_to_undo: 'docker start chaos-app-1' };
    topology.residue = () => Promise.resolve([stopped]);
    expect(await auditResidue(healer, [start], false)).to.deep.equal([stopped]);
  });

  it('nobody can look (the engine is gone): the commands are there, and the doubt', async () => {
    const { topology, healer, failing } = setUp();
    failing(['start-container']);
    topology.residue = () => Promise.reject(new Error('connect ENOENT docker.sock'));
    expect(await auditResidue(healer, [start], false)).to.deep.equal([
      { kind: 'not undone', target: 'kill-1: start chaos-app-1', how_to_undo: 'docker start chaos-app-1' },
      { kind: 'unknown', target: 'connect ENOENT docker.sock', how_to_undo: 'chaos heal' },
    ]);
    expect(await auditResidue(healer, [], false)).to.have.lengthOf(1);
  });

  it('gives an order of the dead time to be carried out, before it looks', async () => {
    const { topology, clock, healer } = setUp();
    const audit = auditResidue(healer, [], true);
    await clock.advance(900);
    topology.wrong.add('stopped chaos-app-1');
    await clock.advance(200);
    expect(await audit).to.deep.equal([]);
    expect(topology.acts).to.deep.equal(['restore']);
  });
});

describe('the wait for health', () => {
  it('ends with the system well, or tells what is missing when the time is over', async () => {
    const { topology, clock, healer } = setUp();
    topology.wrong.add('postgres-a is starting');
    const well = waitHealthy(healer, 10_000);
    const never = waitHealthy(healer, 2_000);
    await clock.advance(2_500);
    expect(await never).to.deep.equal(['postgres-a is starting']);
    topology.wrong.clear();
    await clock.advance(500);
    expect(await well).to.equal(undefined);
  });

  it('looks once where there is no time at all, and can be aborted', async () => {
    const { topology, clock, healer } = setUp();
    topology.wrong.add('postgres-a is starting');
    expect(await waitHealthy(healer, 0)).to.deep.equal(['postgres-a is starting']);
    const abort = new AbortController();
    const waiting = waitHealthy(healer, 60_000, abort.signal).catch((error: unknown) => error);
    await clock.advance(1_000);
    abort.abort(new Error('in a hurry'));
    expect(await waiting).to.have.property('message', 'in a hurry');
  });
});

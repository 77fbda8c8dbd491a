import { expect } from 'chai';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { keepBefore } from '../../../harness/heal/before.ts';
import { UndoJournal } from '../../../harness/heal/journal.ts';
import { putRight } from '../../../harness/heal/without-record.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

function setUp() {
  const topology = new MemoryTopology();
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const clock = new ManualClock();
  return { topology, clock, said, heal: () => clock.through(putRight({ topology, clock, say })) };
}

const CUT = 'wrong containers.chaos-toxiproxy-1.inside.proxies.app-to-redis.enabled is false, not true';
const cut = ({ world }: MemoryTopology): void => {
  world.containers['chaos-toxiproxy-1']!.inside.proxies!['app-to-redis']!.enabled = false;
};

describe('healing without a record', () => {
  it('tells what it found before it repairs anything', async () => {
    const { topology, said, heal } = setUp();
    cut(topology);
    const restore = topology.restore;
    topology.restore = () => {
      expect(said).to.deep.equal([`found: ${CUT}`]);
      return restore();
    };
    const healed = await heal();
    expect(healed).to.deep.include({ restored: true, residue: [] });
    expect(healed.found.map(({ kind, target }) => `${kind} ${target}`)).to.deep.equal([CUT]);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('names what is left, and what it could not repair, when a repair is refused', async () => {
    const { topology, said, heal } = setUp();
    cut(topology);
    topology.restore = () => Promise.reject(new Error('no such command: node'));
    expect(await heal()).to.deep.include({ restored: false });
    expect(said).to.include('not everything could be repaired: no such command: node');
  });

  it('finds nothing on a sound topology, and says nothing', async () => {
    const { said, heal } = setUp();
    expect(await heal()).to.deep.equal({ restored: true, residue: [], found: [] });
    expect(said).to.deep.equal([]);
  });

  it('repairs what can be seen only when the system is healthy again', async () => {
    const { topology, said, heal } = setUp();
    const restore = topology.restore;
    let times = 0;
    topology.restore = async () => {
      times += 1;
      await restore();
      if (times === 1) cut(topology);
    };
    expect(await heal()).to.deep.include({ restored: true, residue: [] });
    expect(said).to.deep.equal([`found: ${CUT}`]);
    expect(times).to.equal(2);
  });

  it('restores although it cannot look, and is not restored while it cannot', async () => {
    const { topology, heal } = setUp();
    topology.look = () => Promise.reject(new Error('the engine is silent'));
    const { restored, residue } = await heal();
    expect(restored).to.equal(false);
    expect(residue.map(({ kind, target }) => `${kind}: ${target}`)).to.deep.equal(['unknown: the engine is silent']);
    expect(topology.acts).to.include('restore');
  });

  it('is not restored when something stays, or when the system does not become healthy', async () => {
    const { topology, heal } = setUp();
    cut(topology);
    topology.restore = () => Promise.resolve();
    topology.health = () => Promise.resolve({ healthy: false, waitingFor: ['chaos-app-1 is starting'] });
    const { restored, residue } = await heal();
    expect(restored).to.equal(false);
    expect(residue.map(({ kind, target }) => `${kind} ${target}`)).to.deep.equal([
      CUT,
      'not healthy chaos-app-1 is starting',
    ]);
  });

  it('uses the journal and the snapshot of a dead run, and repairs without them, but is not restored then', async () => {
    for (const sound of [true, false]) {
      const { topology, clock, said } = setUp();
      const journal = temporaryFolder();
      const { snapshot } = await topology.look();
      keepBefore(journal, snapshot);
      using written = new UndoJournal(journal);
      const container = { id: 'c2', name: 'chaos-app-2', service: 'app' };
      written.record({ id: 'kill-1', step: { do: 'start-container', container } });
      if (!sound) for (const file of readdirSync(journal)) writeFileSync(join(journal, file), '{');
      topology.world.containers['chaos-app-2']!.state = 'stopped';
      const say = (line: string): void => void said.push(line);
      const { restored } = await clock.through(putRight({ topology, clock, say, journal }));
      expect(restored).to.equal(sound);
      expect(topology.wrong).to.deep.equal([]);
      expect(topology.acts.includes('undo start-container')).to.equal(sound);
      expect(said.some((line) => line.includes('not as before'))).to.equal(sound);
    }
  });

  it('is not restored when an undo step failed, although nothing else shows it', async () => {
    const { topology, clock } = setUp();
    const journal = temporaryFolder();
    using written = new UndoJournal(journal);
    const container = { id: 'c2', name: 'chaos-app-2', service: 'app' };
    written.record({ id: 'kill-1', step: { do: 'start-container', container } });
    topology.undo = () => Promise.reject(new Error('no answer'));
    const { restored, residue } = await clock.through(putRight({ topology, clock, say: () => undefined, journal }));
    expect(restored).to.equal(false);
    expect(residue.map(({ kind }) => kind)).to.deep.equal(['not undone']);
  });
});

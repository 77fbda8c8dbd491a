import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readJournal } from '../../../harness/heal/journal.ts';
import { Keeping } from '../../../harness/session/keeping.ts';
import { placesOf, type Places } from '../../../harness/session/places.ts';
import { takeHealed } from '../../../harness/session/take.ts';
import type { Hold } from '../../../harness/core/topology/hold.ts';
import { imageId } from '../../helpers/doubles/topology/images.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';
import { partsOf } from '../../helpers/samples/session.ts';

const NEW = 'chaos/app:dev-good';

/** A command that is about to give a container another image. */
async function setUp() {
  const topology = new MemoryTopology();
  const parts = partsOf(topology, topology.spec);
  const places: Places = await placesOf(parts.state, parts.engine, topology.spec.project);
  const keeping = new Keeping(topology, places, parts, 'deploy-app');
  const container = { id: 'c1', name: 'chaos-app-1', service: 'app' };
  const image = { id: imageId('chaos/app:dev'), name: 'chaos/app:dev' };
  const onDisk: number[] = [];
  const hold: Hold = {
    place: container.name,
    what: 'image',
    value: NEW,
    before: () => [{ do: 'give-image', container, image }],
    set: async () => {
      onDisk.push(...places.notes.all().map(({ folder }) => readJournal(folder).length));
      await topology.containers.prepareNext(container, NEW);
      await topology.containers.startNext(container);
    },
  };
  return { topology, parts, places, keeping, hold, onDisk };
}

describe('the changes of a command that records no run', () => {
  it('have their way back on disk before they are made, and are put back', async () => {
    const { topology, places, keeping, hold, onDisk } = await setUp();
    await keeping.hold(hold);
    expect(onDisk).to.deep.equal([1]);
    expect(topology.wrong).not.to.deep.equal([]);
    await keeping.putBack();
    expect(topology.wrong).to.deep.equal([]);
    keeping.forget();
    expect(places.notes.all()).to.deep.equal([]);
  });

  it('are taken back one by one when they are released', async () => {
    const { topology, keeping, hold } = await setUp();
    const { release } = await keeping.hold(hold);
    await release();
    expect(topology.wrong).to.deep.equal([]);
  });

  it('stay when they are forgotten: the next command finds nothing to heal', async () => {
    const { topology, parts, places, keeping, hold } = await setUp();
    await keeping.hold(hold);
    keeping.forget();
    using _taken = await takeHealed(places, 'topology up', topology.spec, parts);
    expect(topology.acts).not.to.include('undo give-image');
    expect(topology.wrong).not.to.deep.equal([]);
  });

  it('are put back by the next command that takes the topology when the process has died', async () => {
    const { topology, parts, places, keeping, hold } = await setUp();
    const said: string[] = [];
    await keeping.hold(hold);
    using _taken = await takeHealed(places, 'topology up', topology.spec, { ...parts, say: (line) => said.push(line) });
    expect(topology.wrong).to.deep.equal([]);
    expect(places.notes.all()).to.deep.equal([]);
    expect(said.join('\n')).to.match(/healing what \w+-deploy-app-\w+ left behind/);
  });

  it('are named with the command that takes them back when this fails, and then the way back is kept', async () => {
    const { topology, places, keeping, hold } = await setUp();
    await keeping.hold(hold);
    topology.undo = () => Promise.reject(new Error('no answer'));
    const error: unknown = await keeping.putBack().catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'CHAOS_RESIDUE', exit: 'not-restored' });
    expect(error).to.have.property('hint').that.includes('docker rm -f chaos-app-1-next');
    expect(places.notes.all()).to.have.lengthOf(1);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readJournal } from '../../../../harness/heal/journal.ts';
import { ScaledService } from '../../../../harness/modes/autoscale/scaled-service.ts';
import { Keeping } from '../../../../harness/session/keeping.ts';
import { placesOf } from '../../../../harness/session/places.ts';
import { takeHealed } from '../../../../harness/session/take.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';
import { partsOf } from '../../../helpers/samples/session.ts';

async function setUp() {
  const topology = new MemoryTopology();
  const parts = partsOf(topology, topology.spec);
  const places = await placesOf(parts.state, parts.engine, topology.spec.project);
  const keeping = new Keeping(topology, places, parts, 'calibrate-app');
  const scaled = new ScaledService(topology.containers, keeping, 'app');
  const before = await topology.containers.count('app');
  return { topology, parts, places, scaled, before };
}

describe('a service that a command scales', () => {
  it('has its way back on disk before its first change, once', async () => {
    const { topology, places, scaled, before } = await setUp();
    const onDisk: unknown[] = [];
    const { scale } = topology.containers;
    topology.containers.scale = async (service, replicas) => {
      onDisk.push(places.notes.all().map(({ folder }) => readJournal(folder).map(({ step }) => step)));
      await scale(service, replicas);
    };
    await scaled.scaleTo(1);
    await scaled.scaleTo(6);
    const step = { do: 'scale-service', service: 'app', replicas: before };
    expect(onDisk).to.deep.equal([[[step]], [[step]]]);
    expect(await topology.containers.count('app')).to.equal(6);
    await scaled.putBack();
    expect(topology.wrong).to.deep.equal([]);
    expect(places.notes.all()).to.deep.equal([]);
  });

  it('is put back when the first change happens and its answer is lost', async () => {
    const { topology, scaled } = await setUp();
    topology.failAfter = 'scale';
    expect(await scaled.scaleTo(1).catch((error: unknown) => String(error))).to.include('no answer to scale');
    topology.failAfter = undefined;
    await scaled.putBack();
    expect(topology.wrong).to.deep.equal([]);
  });

  it('is put back by the next command that takes the topology when the process has died', async () => {
    for (const replicas of [1, 6]) {
      const { topology, parts, places, scaled } = await setUp();
      await scaled.scaleTo(4);
      await scaled.scaleTo(replicas);
      using _taken = await takeHealed(places, 'heal', topology.spec, parts);
      expect(topology.wrong).to.deep.equal([]);
      expect(places.notes.all()).to.deep.equal([]);
    }
  });

  it('keeps its way back on disk when it cannot be carried out', async () => {
    const { topology, places, scaled } = await setUp();
    await scaled.scaleTo(1);
    topology.undo = () => Promise.reject(new Error('no answer'));
    const error: unknown = await scaled.putBack().catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'CHAOS_RESIDUE', exit: 'not-restored' });
    expect(places.notes.all()).to.have.length(1);
  });

  it('is not called put back when the number of containers is another one than before', async () => {
    const { topology, places, scaled, before } = await setUp();
    await scaled.scaleTo(before + 2);
    // The engine says yes and removes nothing.
    topology.undo = () => Promise.resolve();
    const error: unknown = await scaled.putBack().catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'CHAOS_RESIDUE', exit: 'not-restored' });
    expect(String(error)).to.include(`app had ${before} containers, and has ${before + 2}`);
    expect(places.notes.all()).to.have.length(1);
  });

  it('leaves nothing when nothing was changed', async () => {
    const { topology, places, scaled } = await setUp();
    await scaled.putBack();
    expect(topology.acts).to.deep.equal([]);
    expect(places.notes.all()).to.deep.equal([]);
  });
});

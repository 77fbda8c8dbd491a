import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eventsOf } from '../../../harness/core/record/history.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { MemoryTopology, SPEC } from '../../helpers/doubles/topology.ts';
import { recorded } from '../../helpers/samples/recording.ts';

/** The description of a topology that Redis watches: which service it is does not matter here. */
const WATCHED: TopologySpec = {
  ...SPEC,
  monitoring: { profile: 'watch', services: ['redis'], prometheus: 'http://127.0.0.1:1' },
};

/** Runs on a topology that is up, with the watcher or without it. Returns what was brought up, and the run's steps. */
async function run(watcherIsThere: boolean) {
  const topology = Object.assign(new MemoryTopology(), { spec: WATCHED });
  const { containers } = topology.world;
  const without = Object.fromEntries(Object.entries(containers).filter(([, { service }]) => service !== 'redis'));
  if (!watcherIsThere) topology.world = { ...topology.world, containers: without };
  const { events, judged } = await recorded({
    topology,
    probes: [],
    change: (plan) => ({ ...plan, topology: { ...WATCHED, entry: plan.topology.entry } }),
  });
  return {
    up: topology.acts.filter((act) => act.startsWith('up')),
    down: topology.acts.includes('down'),
    steps: eventsOf({ events }, 'topology').map(({ step }) => step),
    notes: eventsOf({ events }, 'note').map(({ message }) => message),
    restored: judged.document.restored,
    there: Object.values(topology.world.containers).some(({ service }) => service === 'redis'),
  };
}

describe('a run that is to be watched, on a topology that is up', function () {
  // This only guards against a hang: the clock is manual.
  this.timeout(20_000);

  it('brings up the watchers that are missing, and nothing else, says so, and leaves them', async () => {
    const { up, down, steps, restored, there } = await run(false);
    expect(up).to.deep.equal(['up redis']);
    expect(steps[0]).to.match(/^bringing up redis: the topology was kept without/);
    expect([down, restored, there]).to.deep.equal([false, true, true]);
  });

  it('waits until Prometheus has read everything once; when nobody answers the run begins all the same, and says so', async () => {
    const { steps, notes } = await run(true);
    expect(steps).to.include('waiting until Prometheus has read everything once');
    expect(notes.filter((note) => note.startsWith('the load begins before everything was read once: '))).to.have.length(
      1,
    );
  });

  it('brings nothing up when they are there', async () => {
    const { up, steps } = await run(true);
    expect(up).to.deep.equal([]);
    expect(steps[0]).to.not.include('bringing up');
  });
});

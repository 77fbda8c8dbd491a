import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Command } from '../../harness/core/topology/command.ts';
import { compare } from '../../harness/core/topology/snapshot/compare.ts';
import { differencesOf } from '../../harness/core/topology/snapshot/snapshot.ts';
import { startMarked } from '../../harness/kit/acts/marked.ts';
import { ACTS, MemoryTopology } from '../helpers/doubles/topology.ts';
import { topologyContract } from '../helpers/topology-contract.ts';

interface Leaf {
  readonly path: string;
  readonly change: () => void;
  readonly back: () => void;
}

/** Returns every value of plain data, with a way to change it. */
function leaves(data: object, path = ''): Leaf[] {
  const of = data as Record<string, unknown>;
  return Object.entries(of).flatMap(([key, value]): Leaf[] => {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'object' && value !== null) return leaves(value, here);
    return [{ path: here, change: () => (of[key] = 'planted'), back: () => (of[key] = value) }];
  });
}

const said = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => (error as Error).message);

describe('the topology in memory', () => {
  it('throws on a command that it does not understand, in every place, because its effect would be missed', async () => {
    const commands: readonly Command[] = [
      { in: 'chaos-app-1', run: ['sh', '-c', 'true', 'unheard-of', 'argument'] },
      { in: 'chaos-app-1', run: ['touch', '/x'] },
      { beside: 'chaos-app-1', run: ['iptables', '-F'] },
      { outside: 'chaos-app-1', run: ['sh', '-c', 'true', 'start-netem'] },
      { sql: 'drop table weddings' },
      { redis: ['CONFIG', 'RESETSTAT'] },
    ];
    for (const command of commands) {
      const topology = new MemoryTopology();
      expect(await said(topology.act(command)), JSON.stringify(command)).to.match(/does not know what this does: /);
      expect(await said(topology.ask(command)), JSON.stringify(command)).to.match(/does not know what this does: /);
      expect(topology.wrong).to.deep.equal([]);
    }
  });

  it('refuses a question that changes something', async () => {
    const topology = new MemoryTopology();
    const question = startMarked('chaos-app-1', 'burn-1', 1, ['sleep', '9']);
    expect(await said(topology.ask(question))).to.match(/^a question changed the world: .*burn-1/);
  });

  it('names each value that is not as it should be, and none when it is down', async () => {
    const topology = new MemoryTopology();
    const [app] = await topology.containers.resolve({ service: 'app', replica: 1 }, () => 0);
    await topology.act(startMarked('chaos-app-1', 'burn-1', 1, ['sleep', '9']));
    await topology.containers.limit(app!, { cpus: 0.1 });
    await topology.containers.disconnect(app!, 'chaos_wedsync');
    topology.world.outbox.push('a job');
    expect(topology.wrong).to.deep.equal([
      'containers.chaos-app-1.limits.cpus is 0.1, not 1',
      'containers.chaos-app-1.networks.chaos_wedsync is gone',
      'containers.chaos-app-1.inside.processes.8 is left',
      'outbox is ["a job"], not []',
    ]);
    await topology.down();
    expect(topology.wrong).to.deep.equal([]);
  });

  it('shows each change of its world in its snapshot, and nothing else', async () => {
    const topology = new MemoryTopology();
    // Replicas share the objects of their limits, and with this copy no more.
    topology.world = JSON.parse(JSON.stringify(topology.world)) as typeof topology.world;
    const { snapshot } = await topology.look();
    const changes = leaves(topology.world);
    expect(changes.length).to.be.greaterThan(100);
    for (const { path, change, back } of changes) {
      change();
      const { snapshot: now } = await topology.look();
      expect(differencesOf(snapshot, now), path).to.have.lengthOf(1);
      expect(compare(snapshot, now).changed, `${path} may not differ`).to.have.lengthOf(1);
      back();
    }
    expect(differencesOf(snapshot, (await topology.look()).snapshot)).to.deep.equal([]);
  });

  it('has every act that the laws disturb', () => {
    const { containers, links, act } = new MemoryTopology();
    expect({ ...containers, ...links, act }).to.include.keys(...ACTS);
  });
});

topologyContract('in memory', () => Promise.resolve(new MemoryTopology()));

import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import type { ContainerRef } from '../../harness/core/topology/state.ts';
import { topologyControl, topologySpec } from '../../harness/main.ts';
import { seededRandom } from '../../harness/core/random.ts';
import { ROOT } from '../helpers/chaos.ts';
import { docker } from '../helpers/docker.ts';

const FILE = join(ROOT, 'test', 'fixtures', 'topologies', 'networks.yml');
const HEALTHY_MS = 20_000;
/** The image and the command of a container that does nothing. */
const SLEEPER = ['chaos-base/node:24.21.0', 'node', '-e', 'setTimeout(() => 0, 120_000)'];

/** The networks of a container with its address and aliases there, as the plain Docker client shows them. */
const networks = (name: string): Record<string, { IPAddress: string; Aliases: string[] }> =>
  JSON.parse(docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', name)) as never;

describe('a topology with two networks, a fixed address, names of its own and services that end', function () {
  // This only guards against a hang: Compose takes some seconds.
  this.timeout(120_000);
  const env = { ...process.env, COMPOSE_COMPATIBILITY: 'true' };
  let topology: TopologyControl;

  const becomesSound = async (): Promise<void> => {
    const until = Date.now() + HEALTHY_MS;
    let missing: readonly string[] = ['it was never asked'];
    while (missing.length > 0 && Date.now() < until) {
      missing = (await topology.health()).waitingFor;
      if (missing.length > 0) await sleep(200);
    }
    expect(missing).to.deep.equal([]);
    expect(await topology.residue()).to.deep.equal([]);
  };

  before(async () => {
    topology = topologyControl(topologySpec([FILE], env), env);
    await topology.up(new AbortController().signal, () => undefined);
  });

  after(() => topology.down());

  it('is healthy and without residue, though two of its services have ended', async () => {
    await becomesSound();
    const states = await topology.containers.states(['migrate', 'seed']);
    expect(states.map(({ status, exitCode }) => [status, exitCode])).to.deep.equal([
      ['exited', 0],
      ['exited', 0],
    ]);
  });

  it('is known by the names that the engine has', async () => {
    const hit = await topology.containers.resolve({ service: 'front', replica: 2 }, seededRandom(1));
    expect(hit.map(({ name }) => name)).to.deep.equal(['chaos-networks_front_2']);
    expect(topology.spec.services['front']?.containers).to.deep.equal([
      'chaos-networks_front_1',
      'chaos-networks_front_2',
    ]);
    expect(await topology.ask({ in: 'the_api', run: ['hostname', '-i'] })).to.equal('10.213.93.10');
  });

  it('gets every network back, with address and names, and the services that ended stay ended', async () => {
    docker('network', 'disconnect', 'chaos-networks_back', 'the_api');
    docker('network', 'disconnect', 'chaos-networks_street', 'chaos-networks_front_1');
    docker('network', 'disconnect', 'chaos-networks_back', 'chaos-networks_front_2');
    docker('network', 'connect', 'chaos-networks_back', 'chaos-networks_front_2');
    docker('stop', '-t', '0', 'chaos-networks_front_1');
    const kinds = (await topology.residue()).map(({ kind, target }) => `${kind}: ${target}`);
    expect(kinds).to.have.members([
      'disconnected container: the_api from chaos-networks_back',
      'stopped container: chaos-networks_front_1',
      'lost alias: chaos-networks_front_2 on chaos-networks_back',
    ]);
    await topology.restore();
    await becomesSound();
    expect(networks('the_api')['chaos-networks_back']?.IPAddress).to.equal('10.213.93.10');
    expect(networks('the_api')['chaos-networks_back']?.Aliases).to.include.members(['api', 'backend']);
    expect(Object.keys(networks('the_api'))).to.deep.equal(['chaos-networks_back']);
    expect(Object.keys(networks('chaos-networks_front_1'))).to.have.members([
      'chaos-networks_back',
      'chaos-networks_street',
    ]);
    expect((await topology.containers.states(['migrate', 'seed'])).every(({ running }) => !running)).to.equal(true);
  });

  it('does not take a container for its own that a person runs from an image that Compose made', async () => {
    const labels = ['project=chaos-networks', 'service=api'].flatMap((label) => [
      '--label',
      `com.docker.compose.${label}`,
    ]);
    docker('run', '-d', '--rm', '--name', 'chaos-networks-stranger', ...labels, ...SLEEPER);
    try {
      expect(await topology.containers.count('api')).to.equal(1);
      await becomesSound();
      docker('rm', '-f', 'the_api');
      await topology.up(new AbortController().signal, () => undefined);
      const made = docker('inspect', '--format', '{{index .Config.Labels "chaos.made"}}', 'the_api');
      expect(made, 'is removed again with what the harness made').to.equal('chaos-networks');
    } finally {
      docker('rm', '-f', 'chaos-networks-stranger');
    }
  });

  it('is made again under its own names', async () => {
    docker('rm', '-f', 'the_api', 'chaos-networks_front_1');
    const kinds = (await topology.residue()).map(({ kind, target }) => `${kind}: ${target}`);
    expect(kinds).to.have.members(['missing container: the_api', 'missing container: chaos-networks_front_1']);
    await topology.restore();
    await becomesSound();
  });

  it('gets a container back after a partition, where the engine chose its address', async () => {
    const [container] = await topology.containers.resolve({ service: 'front', replica: 1 }, seededRandom(1));
    const { ip, aliases } = (await topology.containers.inspect(container!)).networks['chaos-networks_street']!;
    await topology.containers.disconnect(container!, 'chaos-networks_street');
    await topology.undo({
      do: 'connect-network',
      container: container!,
      network: 'chaos-networks_street',
      ip,
      aliases,
    });
    await becomesSound();
  });

  describe('when another container has taken the address that a partition gave back', () => {
    const NETWORK = 'chaos-networks_back';
    const TAKER = 'chaos-networks-taker';
    const front = { service: 'front', replica: 2 };

    /** Partitions and heals a container, stops it, and gives its address to a stranger. */
    async function taken(): Promise<ContainerRef> {
      const [container] = await topology.containers.resolve(front, seededRandom(1));
      const { ip, aliases } = (await topology.containers.inspect(container!)).networks[NETWORK]!;
      await topology.containers.disconnect(container!, NETWORK);
      await topology.undo({ do: 'connect-network', container: container!, network: NETWORK, ip, aliases });
      expect(networks(container!.name)[NETWORK]?.IPAddress).to.equal(ip);
      docker('stop', '-t', '0', container!.name);
      docker('run', '-d', '--rm', '--name', TAKER, '--network', NETWORK, '--ip', ip, ...SLEEPER);
      return container!;
    }

    afterEach(() => docker('rm', '-f', TAKER));

    it('starts the container at another address', async () => {
      const container = await taken();
      await topology.undo({ do: 'start-container', container });
      await becomesSound();
      expect(networks(container.name)[NETWORK]?.Aliases).to.include('front');
    });

    it('heals it', async () => {
      await taken();
      await topology.restore();
      await becomesSound();
    });

    it('brings the topology up', async () => {
      await taken();
      await topology.up(new AbortController().signal, () => undefined);
      await becomesSound();
    });

    it('connects a container that runs to an address of the engine', async () => {
      const container = await taken();
      await topology.undo({ do: 'start-container', container });
      await topology.containers.disconnect(container, NETWORK);
      const { IPAddress: ip } = networks(TAKER)[NETWORK]!;
      await topology.undo({ do: 'connect-network', container, network: NETWORK, ip, aliases: ['front'] });
      await becomesSound();
    });
  });
});

import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { containerName } from '../../harness/core/topology/aim.ts';
import type { Command } from '../../harness/core/topology/command.ts';
import { nextOf, shortImage } from '../../harness/core/topology/replacing.ts';
import { exactly } from '../../harness/core/topology/spec.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import type { ContainerRef, ContainerState } from '../../harness/core/topology/state.ts';
import { addRules, removeRules } from '../../harness/kit/acts/firewall.ts';
import { endMarked, startMarked } from '../../harness/kit/acts/marked.ts';
import { becomesEmpty } from './docker.ts';

const refused = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => false,
    () => true,
  );

/**
 * What every topology must do, real or in memory, with the second replica of `app`. The real one shows that the one in
 * memory changes what a real one changes, and refuses what it refuses.
 */
export function topologyContract(name: string, open: () => Promise<TopologyControl>): void {
  describe(`a topology (${name})`, function () {
    // This only guards against a hang.
    this.timeout(60_000);
    let topology: TopologyControl;
    let at: string;
    before(async () => {
      topology = await open();
      at = containerName(topology.spec, 'app', 2);
    });

    const app = async (): Promise<ContainerRef> => {
      const [found] = await topology.containers.resolve({ service: 'app', replica: 2 }, () => 0);
      return found!;
    };
    const look = async (): Promise<ContainerState> => topology.containers.inspect(await app());
    const left = async (): Promise<readonly string[]> =>
      (await topology.residue()).map((r) => `${r.kind}: ${r.target}`);
    const burn = (user = 'root'): Command => ({ ...startMarked(at, 'contract-1', 1, ['sleep', '99']), user });

    it('takes no command into a container that is stopped, and starts it once for two starts', async () => {
      const container = await app();
      await topology.containers.kill(container);
      expect(await look()).to.include({ running: false, paused: false, status: 'exited' });
      expect(await refused(topology.act(burn()))).to.equal(true);
      for (let n = 0; n < 2; n += 1) await topology.undo({ do: 'start-container', container });
      expect(await look()).to.include({ running: true, status: 'running' });
    });

    it('takes no command into a container that is paused, and lets it go on for a start too', async () => {
      const container = await app();
      await topology.containers.pause(container);
      expect(await look()).to.include({ running: true, paused: true });
      expect(await refused(topology.act(burn())), 'a command').to.equal(true);
      for (const undo of ['start-container', 'unpause-container'] as const) {
        for (let n = 0; n < 2; n += 1) await topology.undo({ do: undo, container });
        expect(await look(), undo).to.include({ running: true, paused: false });
        await topology.containers.pause(container);
      }
      await topology.undo({ do: 'make-container', container });
      expect(await look()).to.include({ running: true, paused: false });
    });

    it('starts a container again whose main process ends, and loses what was in it', async () => {
      await topology.act(addRules(at, 'contract-1', [{ chain: 'INPUT', words: ['-s', '192.0.2.1', '-j', 'DROP'] }]));
      await topology.act(burn());
      expect(await left()).to.have.lengthOf(2);
      await topology.containers.crash(await app());
      const again = async (): Promise<string[]> => ((await look()).running ? [] : ['not started']);
      expect((await becomesEmpty(again, 20_000)).left).to.deep.equal([]);
      expect(await left()).to.deep.equal([]);
    });

    it('changes the limit that is named and no other, and removes neither a limit of memory nor a limit in cores that a container was made with', async () => {
      const container = await app();
      const { limits } = await look();
      await topology.containers.limit(container, { cpus: 0.5 });
      expect((await look()).limits).to.deep.equal({ ...limits, cpus: 0.5 });
      await topology.containers.limit(container, { memoryBytes: 200 * 1_048_576 });
      expect((await look()).limits).to.deep.equal({ cpus: 0.5, memoryBytes: 200 * 1_048_576 });
      expect(await refused(topology.containers.limit(container, { cpus: null }))).to.equal(true);
      expect((await look()).limits).to.deep.equal({ cpus: 0.5, memoryBytes: 200 * 1_048_576 });
      for (let n = 0; n < 2; n += 1) await topology.undo({ do: 'set-limits', container, limits: exactly(limits) });
      expect((await look()).limits).to.deep.equal(limits);
    });

    it('connects a container with its address and aliases, and changes nothing when it is connected', async () => {
      const container = await app();
      const { networks } = await look();
      for (const network of Object.keys(networks)) await topology.containers.disconnect(container, network);
      expect((await look()).networks).to.deep.equal({});
      for (const [network, { ip, aliases }] of Object.entries(networks)) {
        await topology.undo({ do: 'connect-network', container, network, ip, aliases });
        await topology.undo({ do: 'connect-network', container, network, ip: '', aliases: ['other'] });
      }
      for (const [network, { ip, aliases }] of Object.entries((await look()).networks)) {
        expect(ip).to.equal(networks[network]?.ip);
        expect(aliases).to.have.members([...(networks[network]?.aliases ?? [])]);
      }
    });

    it('makes a container again under another id, and finds it by its name (case H1)', async () => {
      const container = await app();
      const { limits, networks } = await look();
      await topology.containers.remove(container);
      expect(await refused(topology.act(burn())), 'a command').to.equal(true);
      // Nothing of a container that is gone has to be given back.
      await topology.undo({ do: 'set-limits', container, limits: { cpus: 0.5 } });
      for (let n = 0; n < 2; n += 1) await topology.undo({ do: 'make-container', container });
      expect((await app()).id).not.to.equal(container.id);
      expect(await look()).to.deep.include({ running: true, limits });
      expect(Object.keys((await look()).networks)).to.have.members(Object.keys(networks));
      const [network = ''] = Object.keys(networks);
      await topology.containers.kill(container);
      expect(await look()).to.include({ running: false });
      await topology.undo({ do: 'start-container', container });
      expect(await topology.containers.inspect(container)).to.include({ running: true });
      await topology.undo({ do: 'connect-network', container, network, ip: '', aliases: [] });
      await topology.containers.limit(container, { cpus: 0.5 });
      await topology.undo({ do: 'set-limits', container, limits: exactly(limits) });
      expect((await look()).limits).to.deep.equal(limits);
    });

    it('gives a container another image beside the old container, and its old image again from wherever that has come', async () => {
      const container = await app();
      const own = topology.spec.services['app']?.image ?? '';
      const was = await topology.containers.image(own);
      const good = await topology.containers.image(`${own}-good`);
      expect(good?.id).not.to.equal(was?.id);
      expect(await topology.containers.image(`${own}-missing`)).to.equal(undefined);
      const { limits, image: before } = await look();
      const back = async (): Promise<void> => {
        for (let n = 0; n < 2; n += 1) await topology.undo({ do: 'give-image', container, image: was! });
        expect(await look()).to.deep.include({ running: true, image: before, limits });
        expect(await topology.containers.count('app')).to.equal(3);
        expect(await refused(topology.containers.inspect(nextOf(container))), 'the other container').to.equal(true);
        expect(await left()).to.deep.equal([]);
      };
      const steps = [
        () => topology.containers.prepareNext(container, `${own}-good`),
        () => topology.containers.startNext(container),
        () => topology.containers.retire(container),
        () => topology.containers.takePlace(container),
      ];
      for (let length = 1; length <= steps.length; length += 1) {
        for (const step of steps.slice(0, length)) await step();
        expect(await topology.containers.count('app'), `after ${length} steps`).to.equal(3);
        if (length < steps.length) expect(await left(), `after ${length} steps`).not.to.deep.equal([]);
        else expect(await look()).to.deep.include({ running: true, image: shortImage(good!.id), limits });
        await back();
      }
    });

    it('ends the processes of one fault, for the user that started them', async () => {
      await topology.act(burn('nobody'));
      for (const end of [endMarked(at, 'contract-1'), endMarked(at, 'contract-2', 'nobody')]) {
        await topology.act(end);
        expect(await left()).to.have.lengthOf(1);
      }
      for (let n = 0; n < 2; n += 1) await topology.act(endMarked(at, 'contract-1', 'nobody'));
      expect(await left()).to.deep.equal([]);
    });

    it('deletes the rules of one fault', async () => {
      const words = ['-s', '192.0.2.1', '-j', 'DROP'];
      await topology.act(addRules(at, 'contract-1', [{ chain: 'INPUT', words }]));
      await topology.act(addRules(at, 'contract-10', [{ chain: 'OUTPUT', words, first: true }]));
      const both = await left();
      await topology.act(removeRules(at, 'contract-1'));
      const one = await left();
      expect(one).not.to.deep.equal(both);
      expect(one).not.to.deep.equal([]);
      for (let n = 0; n < 2; n += 1) await topology.act(removeRules(at, 'contract-10'));
      expect(await left()).to.deep.equal([]);
    });

    it('removes one toxic, and enables a proxy that was disabled', async () => {
      const proxy = await topology.links.proxy('app-to-redis');
      const toxic = { type: 'latency', stream: 'downstream', attributes: { latency: 1, jitter: 0 } } as const;
      await topology.links.addToxic(proxy, { ...toxic, name: 'contract-1' });
      await topology.links.addToxic(proxy, { ...toxic, name: 'contract-2' });
      await topology.links.addToxic(proxy, { ...toxic, name: 'contract-2', stream: 'upstream' });
      await topology.links.disableProxy(proxy);
      expect(await left()).to.have.lengthOf(3);
      for (let n = 0; n < 2; n += 1) await topology.undo({ do: 'remove-toxic', proxy, toxic: 'contract-1' });
      for (let n = 0; n < 2; n += 1) await topology.undo({ do: 'enable-proxy', proxy });
      expect(await left()).to.have.lengthOf(1);
      await topology.undo({ do: 'remove-toxic', proxy, toxic: 'contract-2' });
      expect(await left()).to.deep.equal([]);
    });

    it('sets settings of Redis, and tells them as Redis prints them', async () => {
      const told = (): Promise<string> => topology.ask({ redis: ['CONFIG', 'GET', 'maxmemory'] });
      const old = await told();
      await topology.act({ redis: ['CONFIG', 'SET', 'maxmemory', '700000000'] });
      expect(await told()).to.equal('maxmemory\n700000000');
      expect(await left()).to.have.lengthOf(1);
      await topology.undo({ do: 'command', command: { redis: ['CONFIG', 'SET', ...old.split('\n')] } });
      expect(await told()).to.equal(old);
      expect(await left()).to.deep.equal([]);
    });
  });
}

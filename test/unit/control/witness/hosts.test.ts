import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { DockerControl } from '../../../../harness/control/docker/docker.ts';
import type { HelperOptions } from '../../../../harness/control/docker/helpers.ts';
import { hostsOf } from '../../../../harness/control/witness/hosts.ts';

interface Container {
  readonly service: string;
  readonly running: boolean;
  readonly networks: readonly string[];
}

/** Plays an engine that has these containers. Tells which network each helper got. */
function engine(containers: readonly Container[]) {
  const nets: unknown[] = [];
  const docker = {
    list: () => Promise.resolve(containers.map((c, i) => ({ ...c, id: `id-${i}`, name: `p-${c.service}-1` }))),
    inspect: (id: string) => {
      const { running, networks } = containers[Number(id.slice(3))]!;
      const there = Object.fromEntries(networks.map((name) => [name, { ip: '', aliases: [] }]));
      return Promise.resolve({ running, startedAt: 7, networks: there });
    },
    helpers: {
      watch: ({ net }: HelperOptions) => {
        nets.push(net);
        return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
      },
    },
  } as unknown as DockerControl;
  return { docker, nets };
}

const helper = { image: 'i', project: 'p', ofRun: 'r', files: [], run: [], env: {} };
const web = (networks: readonly string[], running = true): Container => ({ service: 'web', running, networks });

describe('the place of a witness', () => {
  it("is the namespace of a consumer's running container", async () => {
    const { docker, nets } = engine([web(['p_default'], false), web(['p_default'])]);
    const hosts = hostsOf({ docker, project: 'p', vantage: { from: 'web' }, helper });
    const host = (await hosts.find())!;
    expect(host).to.include({ id: 'id-1', startedAt: 7 });
    await hosts.attach(host, () => undefined);
    expect(nets).to.deep.equal([{ of: 'id-1' }]);
    expect(await hosts.isSame({ ...host, startedAt: 6 })).to.equal(false);
  });

  it('is a network of the service where nothing consumes it, and stays when its containers end', async () => {
    const { docker, nets } = engine([web(['p_back'], false)]);
    const hosts = hostsOf({ docker, project: 'p', vantage: { from: 'web', neighbour: true }, helper });
    const host = (await hosts.find())!;
    await hosts.attach(host, () => undefined);
    expect(nets).to.deep.equal([{ network: 'p_back' }]);
    expect(await hosts.isSame(host)).to.equal(true);
  });

  it('is nowhere on a network without names of containers, and without a container', async () => {
    for (const containers of [[web(['bridge'])], [web(['host'])], []]) {
      const { docker } = engine(containers);
      const hosts = hostsOf({ docker, project: 'p', vantage: { from: 'web', neighbour: true }, helper });
      expect(await hosts.find()).to.equal(undefined);
    }
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { containerResidue, missingResidue } from '../../../harness/control/docker/residue.ts';
import { containerValues } from '../../../harness/control/docker/snapshot.ts';
import { proxyValues } from '../../../harness/control/toxiproxy/snapshot.ts';
import { proxyResidue } from '../../../harness/control/toxiproxy/residue.ts';
import type { ContainerState } from '../../../harness/core/topology/state.ts';
import type { LinkSpec } from '../../../harness/core/topology/spec.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';
import { containerState } from '../../helpers/samples/container.ts';

const listed = { id: 'c1', name: 'chaos-app-1', service: 'app', replica: 1, running: true, image: 'sha256:1' };
const sound = containerState({
  limits: { cpus: 1, memoryBytes: 268_435_456 },
  networks: { chaos_wedsync: { ip: '172.30.77.5', aliases: ['chaos-app-1', 'app'] } },
});
const WANTED = { limits: sound.limits, networks: [{ name: 'chaos_wedsync', aliases: [] }] };
const kinds = (state: ContainerState): string[] => containerResidue(listed, state, WANTED).map((r) => r.kind);

describe('the snapshot', () => {
  it('has of a container what the engine knows, and no name that the engine made of its id', () => {
    const values = containerValues(
      { id: '0123456789abcdef', service: 'app' },
      { ...sound, networks: { chaos_wedsync: { ip: '172.30.77.5', aliases: ['app', '0123456789ab', 'api', 'app'] } } },
    );
    expect(values).to.include({
      state: 'running',
      service: 'app',
      cpus: '1',
      memory: '268435456 bytes',
      'names on chaos_wedsync': 'api, app',
      'address on chaos_wedsync': '172.30.77.5',
    });
    const free = { ...sound, paused: true, limits: { cpus: undefined, memoryBytes: undefined } };
    expect(containerValues({ id: '1', service: 'app' }, free)).to.include({
      state: 'paused',
      cpus: 'all',
      memory: 'all',
    });
  });

  it('has of Toxiproxy each proxy and each toxic, and one spelling for an address that is every address', () => {
    const toxic = { name: 'slow', type: 'latency', attributes: { latency: 5 } };
    const proxy = {
      name: 'app-to-redis',
      listen: '[::]:6003',
      upstream: 'redis:6379',
      enabled: false,
      toxics: [toxic],
    };
    const values = proxyValues([proxy]);
    expect(values).to.deep.equal({
      Toxiproxy: {
        state: 'answers',
        'proxy app-to-redis': 'disabled, :6003 to redis:6379',
        'toxic slow of app-to-redis': JSON.stringify(toxic),
      },
    });
    expect(proxyValues([{ ...proxy, listen: '0.0.0.0:6003' }])).to.deep.equal(values);
    expect(proxyValues(undefined)).to.deep.equal({ Toxiproxy: { state: 'does not answer' } });
  });
});

describe('the audit for residue', () => {
  it('finds nothing wrong with a sound container', () => {
    expect(kinds(sound)).to.deep.equal([]);
  });

  it('finds a stopped, a paused and a disconnected container, and one that lost its alias', () => {
    expect(kinds({ ...sound, running: false })).to.deep.equal(['stopped container']);
    expect(kinds({ ...sound, paused: true })).to.deep.equal(['paused container']);
    expect(kinds({ ...sound, networks: {} })).to.deep.equal(['disconnected container']);
    expect(kinds({ ...sound, networks: { chaos_wedsync: { ip: '172.30.77.9', aliases: [] } } })).to.deep.equal([
      'lost alias',
    ]);
  });

  it('asks only for the networks of the service, each with its own names and its fixed address', () => {
    const front = { name: 'shop_front', aliases: [] };
    const back = { name: 'shop_back', aliases: ['api'], ip: '10.1.2.3' };
    const own = { ip: '172.18.0.2', aliases: ['chaos-app-1', 'app'] };
    const found = (networks: ContainerState['networks'], over: Partial<ContainerState> = {}) =>
      containerResidue(listed, { ...sound, networks, ...over }, { ...WANTED, networks: [front, back] });
    const fixed = { ip: '10.1.2.3', aliases: ['app', 'api'] };
    expect(found({ shop_front: own, shop_back: fixed, other: own })).to.deep.equal([]);
    expect(found({ shop_front: own })).to.deep.equal([
      {
        kind: 'disconnected container',
        target: 'chaos-app-1 from shop_back',
        how_to_undo:
          'docker network connect --ip 10.1.2.3 --alias app --alias chaos-app-1 --alias api shop_back chaos-app-1',
      },
    ]);
    const elsewhere = found({ shop_front: own, shop_back: { ...fixed, ip: '10.1.2.4' } });
    expect(elsewhere.map(({ kind, target }) => [kind, target])).to.deep.equal([
      ['lost address', 'chaos-app-1 on shop_back'],
    ]);
    expect(elsewhere[0]?.how_to_undo).to.match(/^docker network disconnect shop_back chaos-app-1 && docker network co/);
    const nameless = found({ shop_front: own, shop_back: { ...fixed, aliases: ['app'] } });
    expect(nameless.map(({ kind }) => kind)).to.deep.equal(['lost alias']);
    expect(containerResidue(listed, { ...sound, networks: {} }, { ...WANTED, networks: [] })).to.deep.equal([]);
  });

  it('leaves a one-shot container that ended with 0 alone, and no other one', () => {
    const ended = { ...sound, status: 'exited', running: false, exitCode: 0 };
    const kindsOf = (state: ContainerState, oneShot: boolean): string[] =>
      containerResidue(listed, state, { ...WANTED, ...(oneShot ? { oneShot } : {}) }).map((r) => r.kind);
    expect(kindsOf(ended, true)).to.deep.equal([]);
    expect(kindsOf({ ...ended, exitCode: 1 }, true)).to.deep.equal(['stopped container']);
    expect(kindsOf(ended, false)).to.deep.equal(['stopped container']);
    expect(kindsOf({ ...ended, paused: true }, true)).to.deep.equal(['paused container']);
    const once = { ...SPEC.services['nginx']!, oneShot: true as const };
    expect(missingResidue([listed], { ...SPEC, services: { nginx: once } })).to.deep.equal([]);
  });

  it('finds limits that differ from the compose file, and accepts no limits when the file sets none', () => {
    const [found] = containerResidue(listed, { ...sound, limits: { cpus: 0.1, memoryBytes: 268_435_456 } }, WANTED);
    expect(found).to.deep.equal({
      kind: 'changed limits',
      target: 'chaos-app-1',
      how_to_undo: 'docker update --cpus 1 --memory 268435456 --memory-swap 536870912 chaos-app-1',
    });
    const free = { cpus: undefined, memoryBytes: undefined };
    expect(containerResidue(listed, { ...sound, limits: free }, { ...WANTED, limits: free })).to.deep.equal([]);
  });

  it('finds a service with fewer containers than the compose file asks for', () => {
    const [found] = missingResidue([listed], {
      ...SPEC,
      services: { app: { ...SPEC.services['app'], replicas: 2 } as never },
    });
    expect(found).to.include({ kind: 'missing container', target: 'chaos-app-2' });
    expect(missingResidue([], SPEC)).to.deep.equal([]);
  });

  it('finds toxics and disabled, misplaced and missing proxies, with the commands that repair them', () => {
    const links = Object.values(SPEC.links).filter((link) => link.proxy === 'app-to-primary');
    const proxy = { name: 'app-to-primary', listen: '[::]:6001', upstream: 'haproxy:5000' };
    const broken = proxyResidue(
      [{ ...proxy, enabled: false, toxics: ['chaos-latency'] }],
      links,
      'http://127.0.0.1:18474',
    );
    expect(broken.map((r) => r.kind)).to.deep.equal(['disabled proxy', 'toxic']);
    expect(broken[1]?.how_to_undo).to.equal(
      'curl -X DELETE http://127.0.0.1:18474/proxies/app-to-primary/toxics/chaos-latency',
    );
    const elsewhere = [{ ...links[0], upstream: 'haproxy:5000' } as LinkSpec];
    const moved = { ...proxy, upstream: 'haproxy:5001', enabled: true, toxics: [] };
    expect(proxyResidue([moved], elsewhere, '')).to.deep.equal([
      { kind: 'misplaced proxy', target: 'app-to-primary ([::]:6001 to haproxy:5001)', how_to_undo: 'chaos heal' },
    ]);
    expect(proxyResidue([{ ...moved, upstream: 'haproxy:5000' }], elsewhere, '')).to.deep.equal([]);
    expect(proxyResidue([], links, '').map((r) => r.kind)).to.deep.equal(['missing proxy']);
    expect(proxyResidue([{ ...proxy, enabled: true, toxics: [] }], links, '')).to.deep.equal([]);
  });
});

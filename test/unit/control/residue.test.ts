import { expect } from 'chai';
import { describe, it } from 'mocha';
import { containerResidue, missingResidue, proxyResidue } from '../../../harness/control/residue.ts';
import type { ContainerState, LinkSpec } from '../../../harness/core/topology.ts';
import { SPEC } from '../../helpers/topology.ts';

const listed = { id: 'c1', name: 'chaos-app-1', service: 'app', replica: 1, running: true, image: 'sha256:1' };
const sound: ContainerState = {
  container: 'chaos-app-1',
  status: 'running',
  running: true,
  paused: false,
  pid: 42,
  restarts: 0,
  startedAt: 1,
  finishedAt: 0,
  health: 'healthy',
  oomKilled: false,
  limits: { cpus: 1, memoryBytes: 268_435_456 },
  networks: { chaos_wedsync: { ip: '172.30.77.5', aliases: ['chaos-app-1', 'app'] } },
};
const kinds = (state: ContainerState): string[] =>
  containerResidue(listed, state, ['chaos_wedsync'], sound.limits).map((r) => r.kind);

describe('the residue audit', () => {
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

  it('finds limits that are not those of the compose file, and what nobody limits free', () => {
    const [found] = containerResidue(
      listed,
      { ...sound, limits: { cpus: 0.1, memoryBytes: 268_435_456 } },
      ['chaos_wedsync'],
      sound.limits,
    );
    expect(found).to.deep.equal({
      kind: 'changed limits',
      target: 'chaos-app-1',
      how_to_undo: 'docker update --cpus 1 --memory 268435456 --memory-swap 536870912 chaos-app-1',
    });
    const free = { cpus: undefined, memoryBytes: undefined };
    expect(containerResidue(listed, { ...sound, limits: free }, ['chaos_wedsync'], free)).to.deep.equal([]);
  });

  it('finds a service with fewer containers than the compose file asks for', () => {
    const [found] = missingResidue([listed], {
      ...SPEC,
      services: { app: { ...SPEC.services['app'], replicas: 2 } as never },
    });
    expect(found).to.include({ kind: 'missing container', target: 'chaos-app-2' });
    expect(missingResidue([], SPEC)).to.deep.equal([]);
  });

  it('finds toxics, disabled and missing proxies, each with the command that mends it', () => {
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

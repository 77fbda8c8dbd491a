import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  capabilitiesOf,
  describeLack,
  isCapability,
  isFeature,
  lackError,
  lacking,
} from '../../../../harness/core/topology/capability.ts';
import type { TopologySpec } from '../../../../harness/core/topology/spec.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const { app } = SPEC.services;
const BARE: TopologySpec = {
  files: SPEC.files,
  project: 'web',
  services: { app: app! },
  groups: {},
  links: {},
  entry: SPEC.entry,
  ready: '/',
  probeImage: 'i',
  toolsImage: 'i',
  metrics: [],
};
const gained = (more: Partial<TopologySpec>): string[] =>
  [...capabilitiesOf({ ...BARE, ...more })].filter((name) => name !== 'containers' && name !== 'packets');

describe('the capabilities of a topology', () => {
  it('are containers and packets when it is one service and nothing else', () => {
    expect([...capabilitiesOf(BARE)]).to.deep.equal(['containers', 'packets']);
    expect([...capabilitiesOf({ ...BARE, services: {} })]).to.deep.equal([]);
  });

  it('have no packets when no container has a network of its own', () => {
    expect([...capabilitiesOf({ ...BARE, services: { app: { ...app!, networks: [] } } })]).to.deep.equal([
      'containers',
    ]);
    const networks = [{ name: 'n', aliases: [] }];
    expect([...capabilitiesOf({ ...BARE, services: { app: { ...app!, networks } } })]).to.include('packets');
  });

  it('grow with what the compose file describes, key by key', () => {
    const [database, redis, toxiproxy] = ['postgres://127.0.0.1:1/x', 'redis://127.0.0.1:2', 'http://127.0.0.1:3'];
    expect(gained({ database })).to.have.members(['sql', 'writes']);
    expect(gained({ database, resetSql: 'select 1' })).to.have.members(['sql', 'writes', 'reset']);
    expect(gained({ resetSql: 'select 1' })).to.deep.equal([]);
    expect(gained({ redis })).to.deep.equal(['redis']);
    expect(gained({ redis, emptyRedis: true })).to.have.members(['redis', 'reset']);
    expect(gained({ emptyRedis: true })).to.deep.equal([]);
    expect(gained({ toxiproxy })).to.deep.equal([]);
    expect(gained({ links: SPEC.links })).to.deep.equal([]);
    expect(gained({ toxiproxy, links: SPEC.links })).to.deep.equal(['links']);
    expect(gained({ groups: SPEC.groups })).to.deep.equal(['roles']);
    expect(gained({ hops: { edge: 'app', app: 'app' } })).to.deep.equal(['hops']);
    expect(gained({ metrics: ['app'] })).to.deep.equal(['caches']);
    expect(gained({ edgeCache: { header: 'x', paths: ['/'] } })).to.deep.equal(['caches']);
    expect(gained({ database, jobs: SPEC.jobs })).to.have.members(['sql', 'writes', 'jobs']);
    expect(gained({ jobs: SPEC.jobs })).to.deep.equal([]);
    const [prometheus, alertmanager, pager] = ['http://127.0.0.1:4', 'http://127.0.0.1:5', 'http://127.0.0.1:6'];
    expect(gained({ monitoring: { prometheus } })).to.deep.equal(['prometheus']);
    expect(gained({ monitoring: { prometheus, alertmanager } })).to.deep.equal(['prometheus']);
    expect(gained({ monitoring: { prometheus, alertmanager, pager } })).to.have.members(['prometheus', 'alerts']);
  });

  it('are told apart from features of the machine, which no compose file gives', () => {
    expect(['sql', 'netem', 'write limit', 'packets'].filter((r) => isCapability(r as never))).to.deep.equal([
      'sql',
      'packets',
    ]);
    expect(isFeature('netem')).to.equal(true);
    expect(lacking(BARE, ['netem', 'sql', 'packets', 'roles'])).to.deep.equal(['sql', 'roles']);
    expect(lacking(BARE)).to.deep.equal([]);
  });

  it('that are lacking are named in words, with the keys that give them', () => {
    const { what, hint } = describeLack('"kill"', ['sql', 'links']);
    expect(what).to.match(/^"kill" needs the capabilities "sql" \(.+\) and "links" \(.+\), and the topology/);
    expect(hint).to.include('x-chaos.database').and.include('x-chaos.links');
    expect(lackError('a query', 'sql')).to.include({ code: 'CHAOS_LACKS', exit: 'bad-input' });
  });
});

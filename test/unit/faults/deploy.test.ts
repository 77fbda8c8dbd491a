import { expect } from 'chai';
import { describe, it } from 'mocha';
import deploy from '../../../harness/faults/deploy.ts';
import type { Evidence, FaultRecord } from '../../../harness/core/kinds/fault.ts';
import type { TopologySpec, UpdateSpec } from '../../../harness/core/topology/spec.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';
import { answered, faultRecord, HIT, INJECTED, INJECTING, looks, observations } from '../../helpers/samples/fault.ts';

const OLD = '000000000000';
const NEW = '111111111111';

const before = (image?: string): FaultRecord['states'] =>
  looks(image === undefined ? {} : { image }).map((state) => ({
    ...state,
    t: state.t - 8_000 - INJECTED + INJECTING - 20_000,
  }));

const prove = (record: Partial<FaultRecord>, image = '{{image}}-good'): Evidence =>
  deploy.prove(faultRecord(record), { service: 'app', image, healthy_within: 30_000 });

describe('the proof of a deploy', () => {
  it('says effective when a container of another image was seen, and names both images and the consumer', () => {
    const states = [...before(OLD), ...looks({ image: OLD }), ...looks({ image: NEW, place: HIT }, `${HIT}-next`)];
    expect(prove({ states, observations: observations(answered, answered).slice(0, 44) })).to.deep.equal({
      effective: 'effective',
      evidence: `in 1 of 1 places a new container was seen (image ${NEW}); before: image ${OLD}; nginx -> chaos-app-1:3000: answered 4`,
    });
  });

  it('counts a container that does not run, too: a release that does not start bites', () => {
    const states = [...before(OLD), ...looks({ image: NEW, place: HIT, running: false }, `${HIT}-next`)];
    expect(prove({ states }).effective).to.equal('effective');
  });

  it('says not effective when only the old image was seen', () => {
    expect(prove({ states: [...before(OLD), ...looks({ image: OLD })] })).to.deep.equal({
      effective: 'not effective',
      evidence: `in 0 of 1 places a new container was seen; before: image ${OLD}`,
    });
  });

  it('asks for a container that began after the decision when the image stays the same', () => {
    const again = [...before(OLD), ...looks({ image: OLD, startedAt: INJECTING + 100 })];
    expect(prove({ states: again }, '{{image}}').effective).to.equal('effective');
    expect(prove({ states: again }).effective).to.equal('not effective');
    const old = [...before(OLD), ...looks({ image: OLD, startedAt: INJECTING - 9_000 })];
    expect(prove({ states: old }, '{{image}}').effective).to.equal('not effective');
  });

  it('does not take a container that is missing for a new one, nor what came after the deploy was over', () => {
    const missing = looks({ status: 'missing', running: false, image: '' });
    expect(prove({ states: [...before(OLD), ...looks({ image: OLD }), ...missing] }).effective).to.equal(
      'not effective',
    );
    const later = looks({ image: NEW }).map((state) => ({ ...state, t: state.t + 1_000_000 }));
    expect(prove({ states: [...before(OLD), ...looks({ image: OLD }), ...later] }).effective).to.equal('not effective');
  });

  it('says inconclusive when the images were not read before and after', () => {
    for (const states of [[], before(OLD), looks({ image: NEW }), [...before(), ...looks({ image: NEW })]])
      expect(prove({ states }).effective).to.equal('inconclusive');
    expect(prove({ injected: undefined, states: [...before(OLD), ...looks({ image: NEW })] }).effective).to.equal(
      'inconclusive',
    );
  });
});

describe('a deploy that cannot work', () => {
  const bound = deploy.bind(deploy.params.parse({ service: 'app', image: 'shop/app:2' }));
  const connections = (limit: number): TopologySpec => ({
    ...SPEC,
    connections: { postgres: { limit, reserved: 0, pools: { app: [{ most: 16 }] } } },
  });

  it('is a service whose update nobody describes', () => {
    const worker = deploy.bind(deploy.params.parse({ service: 'worker', image: 'shop/app:2' }));
    expect(worker.mismatches(SPEC)).to.have.lengthOf(1);
    expect(worker.mismatches(SPEC)[0]).to.include({ key: 'service', code: 'CHAOS_NO_UPDATE_CONFIG' });
    expect(bound.mismatches(SPEC)).to.deep.equal([]);
  });

  it('is a service that needs more connections than there are for the containers beside its own', () => {
    expect(bound.mismatches(connections(64))).to.deep.equal([]);
    expect(bound.mismatches(connections(63))[0]).to.include({
      code: 'CHAOS_CONNECTIONS',
      message:
        'while "app" is deployed, postgres takes 63 connections, and 64 may be asked for: 4 app x 16 + 0 reserved',
    });
    // What does not fit even without a deploy is said elsewhere.
    expect(bound.mismatches(connections(40))).to.deep.equal([]);
    const app = SPEC.services['app']!;
    const at = (limit: number, update: Partial<UpdateSpec>): number =>
      bound.mismatches({
        ...connections(limit),
        services: { ...SPEC.services, app: { ...app, update: { ...app.update!, ...update } } },
      }).length;
    // The way back of "stop-first" starts the old image beside the new one.
    expect([at(63, { order: 'stop-first' }), at(64, { order: 'stop-first', parallelism: 0 })]).to.deep.equal([1, 0]);
    // 0 is all three at once; so is every number above three.
    expect([at(95, { parallelism: 0 }), at(96, { parallelism: 0 }), at(96, { parallelism: 9 })]).to.deep.equal([
      1, 0, 0,
    ]);
  });
});

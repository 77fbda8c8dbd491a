import { expect } from 'chai';
import { describe, it } from 'mocha';
import { candidates, describeTarget, draw, isMeant } from '../../../../harness/core/topology/aim.ts';
import { seededRandom } from '../../../../harness/core/random.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const TEN = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const drawn = (target: object, seed = 1): readonly string[] =>
  draw(TEN, { service: 'app', ...target }, seededRandom(seed));

describe('a target', () => {
  it('selects every replica of a service, one replica, or every member of a group', () => {
    expect(candidates(SPEC, { service: 'app' })).to.deep.equal(['chaos-app-1', 'chaos-app-2', 'chaos-app-3']);
    expect(candidates(SPEC, { service: 'app', replica: 2 })).to.deep.equal(['chaos-app-2']);
    expect(candidates(SPEC, { service: 'postgres' })).to.deep.equal(['chaos-postgres-a-1', 'chaos-postgres-b-1']);
  });

  it('knows a container by the name that the compose file gives it', () => {
    const { redis } = SPEC.services;
    const spec = { ...SPEC, services: { ...SPEC.services, redis: { ...redis!, containerName: 'cache' } } };
    expect(candidates(spec, { service: 'redis' })).to.deep.equal(['cache']);
    expect(isMeant(spec, 'redis', 'cache')).to.equal(true);
    expect(isMeant(spec, 'redis', 'chaos-redis-1')).to.equal(false);
    expect(isMeant(spec, 'app', 'chaos-app-2')).to.equal(true);
  });

  it('draws a number of containers, a share that is rounded up, or all but some', () => {
    expect(drawn({ count: 3 })).to.have.lengthOf(3);
    expect(drawn({ count: 30 })).to.deep.equal(TEN);
    expect(drawn({ percent: 1 })).to.have.lengthOf(1);
    expect(drawn({ percent: 25 })).to.have.lengthOf(3);
    expect(drawn({ percent: 100 })).to.deep.equal(TEN);
    expect(drawn({ all_but: 1 })).to.have.lengthOf(9);
    expect(drawn({ all_but: 10 })).to.deep.equal([]);
  });

  it('draws the same containers with the same seed, in their old order, and each equally often over many seeds', () => {
    expect(drawn({ count: 4 }, 7)).to.deep.equal(drawn({ count: 4 }, 7));
    expect(drawn({ count: 4 }, 7)).to.deep.equal(drawn({ count: 4 }, 7).toSorted());
    const hits = new Map(TEN.map((one) => [one, 0]));
    for (let seed = 0; seed < 3_000; seed += 1)
      for (const one of drawn({ count: 3 }, seed)) hits.set(one, (hits.get(one) ?? 0) + 1);
    // Each is expected 900 times, with a standard deviation of 25.
    for (const [one, n] of hits) expect(n, one).to.be.within(775, 1_025);
  });

  it('is described in words', () => {
    expect(describeTarget({ service: 'postgres', role: 'primary' })).to.equal('primary of postgres');
    expect(describeTarget({ service: 'app', replica: 2 })).to.equal('app replica 2');
    expect(describeTarget({ service: 'app', percent: 30 })).to.equal('30 % of app, drawn by the seed');
    expect(describeTarget({ service: 'app', all_but: 1 })).to.equal('all but 1 of app, drawn by the seed');
    expect(describeTarget({ service: 'app', count: 2 })).to.equal('2 of app, drawn by the seed');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { candidates, describeTarget, draw } from '../../../harness/core/aim.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import { SPEC } from '../../helpers/topology.ts';

const TEN = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const drawn = (target: object, seed = 1): readonly string[] =>
  draw(TEN, { service: 'app', ...target }, seededRandom(seed));

describe('aiming', () => {
  it('means every replica of a service, and every member of a group', () => {
    expect(candidates(SPEC, { service: 'app' })).to.deep.equal(['chaos-app-1', 'chaos-app-2', 'chaos-app-3']);
    expect(candidates(SPEC, { service: 'app', replica: 2 })).to.deep.equal(['chaos-app-2']);
    expect(candidates(SPEC, { service: 'postgres' })).to.deep.equal(['chaos-postgres-a-1', 'chaos-postgres-b-1']);
  });

  it('draws a number, a share rounded up, or all but some', () => {
    expect(drawn({ count: 3 })).to.have.lengthOf(3);
    expect(drawn({ count: 30 })).to.deep.equal(TEN);
    expect(drawn({ percent: 1 })).to.have.lengthOf(1);
    expect(drawn({ percent: 25 })).to.have.lengthOf(3);
    expect(drawn({ percent: 100 })).to.deep.equal(TEN);
    expect(drawn({ all_but: 1 })).to.have.lengthOf(9);
    expect(drawn({ all_but: 10 })).to.deep.equal([]);
  });

  it('draws the same by the same seed, in the old order, and each as often as the others', () => {
    expect(drawn({ count: 4 }, 7)).to.deep.equal(drawn({ count: 4 }, 7));
    expect(drawn({ count: 4 }, 7)).to.deep.equal(drawn({ count: 4 }, 7).toSorted());
    const hits = new Map(TEN.map((one) => [one, 0]));
    for (let seed = 0; seed < 3_000; seed += 1)
      for (const one of drawn({ count: 3 }, seed)) hits.set(one, (hits.get(one) ?? 0) + 1);
    // 900 expected of each, with a standard deviation of 25.
    for (const [one, n] of hits) expect(n, one).to.be.within(775, 1_025);
  });

  it('says whom it means', () => {
    expect(describeTarget({ service: 'postgres', role: 'primary' })).to.equal('primary of postgres');
    expect(describeTarget({ service: 'app', replica: 2 })).to.equal('app replica 2');
    expect(describeTarget({ service: 'app', percent: 30 })).to.equal('30 % of app, drawn by the seed');
    expect(describeTarget({ service: 'app', all_but: 1 })).to.equal('all but 1 of app, drawn by the seed');
    expect(describeTarget({ service: 'app', count: 2 })).to.equal('2 of app, drawn by the seed');
  });
});

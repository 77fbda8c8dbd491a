import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { isFeature } from '../../harness/core/topology/capability.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { faults } from '../../harness/faults/index.ts';
import { chaos } from '../helpers/chaos.ts';
import { drawn } from '../helpers/drawn.ts';
import { ORDERS, pairsOf, tryPair } from '../helpers/pairs.ts';
import { testTopology } from '../helpers/test-topology.ts';

/** `npm run laws -- --pairs` tries all, each in both orders of healing. */
const DRAWN = 1;
const all = await pairsOf(faults);
/** The second fault meets a Redis that the engine has not started again yet, and so does the undo of the first. */
const twice = all.filter(({ older, newer }) => older.name === 'redis_data_loss' && newer.name === older.name);
const pairs = [...twice, ...drawn(all, DRAWN).slice(0, DRAWN)];

describe('two faults that hold one property, on real containers', function () {
  this.timeout(240_000);
  let topology: TopologyControl;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    topology = testTopology();
  });

  after(async () => {
    await chaos(['heal']);
  });

  it('are drawn from all pairs of the catalogue', () => {
    const names = all.map(({ older, newer, on }) => `${older.name}, ${newer.name}: ${on}`);
    expect(names).to.include.members([
      'cpu_limit, cpu_limit: cores of chaos-app-1',
      'kill, pause: state of chaos-app-1',
      'refuse, flap: proxy of app-to-primary',
    ]);
  });

  for (const pair of pairs) {
    for (const order of twice.includes(pair) ? ORDERS : drawn(ORDERS, 1)) {
      it(`leave what was there before: ${pair.older.name}, then ${pair.newer.name}; healed: ${order} (case H1)`, async function () {
        for (const requirement of [pair.older, pair.newer].flatMap((f) => f.requires ?? []).filter(isFeature))
          if (!(await topology.offers(requirement))) this.skip();
        expect((await tryPair(topology, pair, order)).wrong).to.deep.equal([]);
      });
    }
  }
});

import { after, describe } from 'mocha';
import { expect } from 'chai';
import { chaos } from '../helpers/chaos.ts';
import { testTopology } from '../helpers/test-topology.ts';
import { topologyContract } from '../helpers/topology-contract.ts';

describe('real containers', function () {
  this.timeout(240_000);

  after(async () => {
    await chaos(['heal']);
  });

  topologyContract('of real containers', async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    return testTopology();
  });
});

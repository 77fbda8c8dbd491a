import { expect } from 'chai';
import { describe, it } from 'mocha';
import bandwidth from '../../../harness/faults/bandwidth.ts';
import latency from '../../../harness/faults/latency.ts';
import { unprovable } from '../../../harness/kit/provable.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';

const link = 'app-to-redis';
const speaking = (protocol: string) => {
  const found = SPEC.links[link];
  return found === undefined ? SPEC : { ...SPEC, links: { [link]: { ...found, protocol } } };
};
const slow = bandwidth.bind(bandwidth.params.parse({ link, rate: '100KB/s' }));
const late = latency.bind(latency.params.parse({ link, latency: '100ms' }));

describe('a fault on a link', () => {
  it('cannot be proven with many bytes where the protocol has no question of many bytes', () => {
    for (const protocol of ['mysql', 'amqp', 'tcp']) {
      const [mistake] = unprovable(speaking(protocol), slow, ['faults', 0, 'bandwidth']);
      expect(mistake).to.include({ code: 'CHAOS_NO_ECHO' });
      expect(mistake?.path).to.deep.equal(['faults', 0, 'bandwidth', 'link']);
      expect(mistake?.message).to.include(protocol);
      expect(mistake?.hint).to.include('http, postgres, redis');
    }
  });

  it('can be proven where it has one, and where the proof needs no many bytes', () => {
    for (const protocol of ['postgres', 'redis', 'http'])
      expect(unprovable(speaking(protocol), slow, []), protocol).to.deep.equal([]);
    expect(unprovable(speaking('mysql'), late, [])).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { containerObservers } from '../../../../harness/kit/evidence/containers.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const app = SPEC.services['app']!;
const specWith = (service: object) => ({ ...SPEC, services: { ...SPEC.services, app: { ...app, ...service } } });

describe('the observers of containers', () => {
  it('ask each container from its consumer', () => {
    const observers = containerObservers(specWith({ replicas: 2, consumer: 'nginx' }), { service: 'app' });
    expect(observers.map(({ id }) => id)).to.deep.equal(['nginx -> chaos-app-1:3000', 'nginx -> chaos-app-2:3000']);
    expect(observers[0])
      .to.include({ from: 'nginx', host: 'chaos-app-1', port: 3_000 })
      .and.not.have.property('neighbour');
  });

  it('ask from a container beside it where nothing consumes the service', () => {
    const [observer] = containerObservers(specWith({ consumer: undefined }), { service: 'app' });
    expect(observer).to.include({ id: 'a neighbour of app -> chaos-app-1:3000', from: 'app', neighbour: true });
  });

  it('are none without a port, and without a consumer and a network', () => {
    const cut = specWith({ consumer: undefined, networks: [] });
    expect(containerObservers(cut, { service: 'app' })).to.deep.equal([]);
    expect(containerObservers(specWith({ port: undefined }), { service: 'app' })).to.deep.equal([]);
  });
});

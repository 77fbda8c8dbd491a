import { expect } from 'chai';
import { describe, it } from 'mocha';
import { withScalers } from '../../../harness/plan/scalers.ts';

const TOPOLOGY = { autoscale: { app: { maxInstances: 9, cooldownPeriod: 5 } } };

describe('the scalers of a topology', () => {
  it('give an experiment the keys that it does not write', () => {
    const value = { title: 't', controllers: [{ autoscale: { service: 'app', maxInstances: 4 } }] };
    expect(withScalers(value, TOPOLOGY)).to.deep.equal({
      title: 't',
      controllers: [{ autoscale: { service: 'app', maxInstances: 4, cooldownPeriod: 5 } }],
    });
  });

  for (const [what, value] of [
    ['another service', { controllers: [{ autoscale: { service: 'worker' } }] }],
    ['another controller', { controllers: [{ hold: { service: 'app', replicas: 5 } }] }],
    ['a scaler with mistakes', { controllers: [{ autoscale: 'app' }, 'autoscale', { autoscale: { service: 7 } }] }],
    ['no controllers', { title: 't' }],
    ['controllers that are no list', { controllers: 3 }],
    ['no map', 'text'],
  ] as const)
    it(`change nothing: ${what}`, () => expect(withScalers(value, TOPOLOGY)).to.deep.equal(value));

  it('change nothing when there are none', () => {
    const value = { controllers: [{ autoscale: { service: 'app' } }] };
    expect(withScalers(value, {})).to.equal(value);
    expect(withScalers(value, undefined)).to.equal(value);
  });
});

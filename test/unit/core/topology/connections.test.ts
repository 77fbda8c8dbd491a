import { expect } from 'chai';
import { describe, it } from 'mocha';
import { overdrawn } from '../../../../harness/core/topology/connections.ts';
import type { PoolSpec } from '../../../../harness/core/topology/spec.ts';
import { SMALL_PLAN } from '../../../helpers/samples/history.ts';

const { topology } = SMALL_PLAN;
const { app } = topology.services;
if (app === undefined) throw new TypeError('the sample topology has an app');

/** A topology whose database takes 200 connections and keeps 12; app has two pools of 8, and a worker one. */
const sample = (replicas: number, shared?: number) => {
  const pool: PoolSpec = { most: 8, ...(shared === undefined ? {} : { shared }) };
  return {
    services: { app: { ...app, replicas }, worker: { ...app, name: 'worker', replicas: 1 } },
    connections: { postgres: { limit: 200, reserved: 12, pools: { app: [pool, pool], worker: [{ most: 8 }] } } },
  };
};

describe('the connections that clients may open', () => {
  it('may be as many as the server takes, and no more', () => {
    expect(overdrawn(sample(11))).to.deep.equal([]);
    const { services, connections } = sample(11);
    expect(overdrawn({ services, connections: { postgres: { ...connections.postgres, limit: 196 } } })).to.deep.equal(
      [],
    );
    expect(
      overdrawn({ services, connections: { postgres: { ...connections.postgres, limit: 195 } } }),
    ).to.have.lengthOf(1);
    expect(overdrawn(sample(12))).to.have.lengthOf(1);
  });

  it('are named with the arithmetic, and with what would fit', () => {
    expect(overdrawn(sample(15))).to.deep.equal([
      {
        server: 'postgres',
        message:
          'postgres takes 200 connections, and 260 may be asked for: 15 app x (8 + 8) + 1 worker x 8 + 12 reserved',
        hint: '11 replicas of app would fit, or 15 with 12 connections each. Make the pools smaller, or the replicas fewer, or raise the limit of the server and of x-chaos.connections.',
      },
    ]);
  });

  it('count with the replicas that somebody may ask for', () => {
    expect(overdrawn(sample(3), { app: 11 })).to.deep.equal([]);
    expect(overdrawn(sample(3), { app: 12 })[0]?.message).to.include('12 app x (8 + 8)');
  });

  it('are few enough at every number of replicas that share', () => {
    for (let replicas = 0; replicas <= 55; replicas += 1)
      expect(overdrawn(sample(replicas, 40)), `${replicas} replicas`).to.deep.equal([]);
    expect(overdrawn(sample(56, 40))).to.deep.equal([
      {
        server: 'postgres',
        message:
          'postgres takes 200 connections, and 202 may be asked for: 5 app x (8 + 8) + 51 new app x (1 + 1) + 1 worker x 8 + 12 reserved',
        hint: '55 replicas of app would fit, or 56 with 3 connections each. Make the pools smaller, or the replicas fewer, or raise the limit of the server and of x-chaos.connections.',
      },
    ]);
  });

  it('count at the worst moment: new replicas have connections before the old ones have fewer', () => {
    const [wrong] = overdrawn(sample(50, 95));
    expect(wrong?.message).to.include(
      'and 276 may be asked for: 13 app x (7 + 7) + 37 new app x (1 + 1) + 1 worker x 8',
    );
    expect(wrong?.hint).to.include('12 replicas of app would fit');
    expect(overdrawn(sample(12, 95))).to.deep.equal([]);
    expect(overdrawn(sample(3, 95), { app: 13 })[0]?.message).to.include('13 app x (7 + 7)');
  });

  it('count nowhere but the compose file says them, and a service that is off opens none', () => {
    expect(overdrawn({ services: sample(50).services })).to.deep.equal([]);
    const { worker } = sample(50).services;
    expect(overdrawn({ ...sample(50), services: { worker } })).to.deep.equal([]);
  });
});

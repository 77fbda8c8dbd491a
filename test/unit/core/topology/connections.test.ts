import { expect } from 'chai';
import { describe, it } from 'mocha';
import { overdrawn } from '../../../../harness/core/topology/connections.ts';
import { SMALL_PLAN } from '../../../helpers/samples/history.ts';

const { topology } = SMALL_PLAN;
const { app } = topology.services;
if (app === undefined) throw new TypeError('the sample topology has an app');

/** A topology whose database takes 200 connections and keeps 12; a replica of app opens 16, and a worker 8. */
const sample = (replicas: number) => ({
  services: { app: { ...app, replicas }, worker: { ...app, name: 'worker', replicas: 1 } },
  connections: { postgres: { limit: 200, reserved: 12, pools: { app: 16, worker: 8 } } },
});

describe('the connections that clients may open', () => {
  it('may be as many as the server takes, and no more', () => {
    expect(overdrawn(sample(11))).to.deep.equal([]);
    expect(
      overdrawn({
        ...sample(11),
        connections: { postgres: { limit: 196, reserved: 12, pools: { app: 16, worker: 8 } } },
      }),
    ).to.deep.equal([]);
    expect(overdrawn(sample(12))).to.have.lengthOf(1);
  });

  it('are named with the arithmetic, and with what would fit', () => {
    expect(overdrawn(sample(15))).to.deep.equal([
      {
        server: 'postgres',
        message: 'postgres takes 200 connections, and 260 may be asked for: 15 app x 16 + 1 worker x 8 + 12 reserved',
        hint: '11 replicas of app would fit, or 15 with 12 connections each. Make the pools smaller, or the replicas fewer, or raise the limit of the server and of x-chaos.connections.',
      },
    ]);
  });

  it('count with the replicas that somebody may ask for', () => {
    expect(overdrawn(sample(3), { app: 11 })).to.deep.equal([]);
    expect(overdrawn(sample(3), { app: 12 })[0]?.message).to.include('12 app x 16');
  });

  it('count nowhere but the compose file says them, and a service that is off opens none', () => {
    expect(overdrawn({ services: sample(50).services })).to.deep.equal([]);
    const { worker } = sample(50).services;
    expect(overdrawn({ ...sample(50), services: { worker } })).to.deep.equal([]);
  });
});

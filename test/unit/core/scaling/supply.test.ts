import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import type { Deed } from '../../../../harness/core/topology/life.ts';
import { lifelines, supplyOf } from '../../../../harness/core/scaling/supply.ts';
import { life as lifeAt } from '../../../helpers/samples/scaling.ts';
import { sampleHistory, spanOf } from '../../../helpers/samples/history.ts';

const BEGUN = spanOf('baseline').started;

const life = (seconds: number, container: string, did: Deed, service = 'app'): RunEvent =>
  lifeAt(BEGUN + seconds * 1_000, container, did, service);

/** The levels after the beginning, in seconds since the baseline. The description has three containers of app. */
const supply = (...events: readonly RunEvent[]): [seconds: number, instances: number][] =>
  supplyOf(sampleHistory({ events }), 'app')
    .slice(1)
    .map(({ t, instances }) => [(t - BEGUN) / 1_000, instances]);

describe('the supply of a service', () => {
  it('begins with the containers that were there before', () => {
    expect(supplyOf(sampleHistory(), 'app').map(({ instances }) => instances)).to.deep.equal([3]);
    expect(supplyOf(sampleHistory(), 'nobody').map(({ instances }) => instances)).to.deep.equal([0]);
  });

  it('counts a new container when it is healthy, and no more when it is asked to end', () => {
    const events = [
      life(1, 'chaos-app-4', 'created'),
      life(2, 'chaos-app-4', 'started'),
      life(5, 'chaos-app-4', 'healthy'),
      life(9, 'chaos-app-4', 'asked to end'),
      life(11, 'chaos-app-4', 'ended'),
      life(12, 'chaos-app-4', 'removed'),
    ];
    expect(supply(...events)).to.deep.equal([
      [5, 4],
      [9, 3],
    ]);
    expect(lifelines(sampleHistory({ events }), 'app')).to.deep.equal([
      {
        container: 'chaos-app-4',
        created: BEGUN + 1_000,
        started: BEGUN + 2_000,
        healthy: BEGUN + 5_000,
        askedToEnd: BEGUN + 9_000,
        ended: BEGUN + 11_000,
        removed: BEGUN + 12_000,
      },
    ]);
  });

  it('loses a container that dies, and has it again when it is healthy again', () => {
    expect(
      supply(
        life(1, 'chaos-app-2', 'ended'),
        life(2, 'chaos-app-2', 'started'),
        life(4, 'chaos-app-2', 'healthy'),
        life(6, 'chaos-app-1', 'healthy'),
        life(7, 'chaos-app-1', 'unhealthy'),
      ),
    ).to.deep.equal([
      [1, 2],
      [4, 3],
      [7, 2],
    ]);
  });

  it('is about one service, and in the order of time', () => {
    expect(
      supply(
        life(4, 'chaos-app-4', 'healthy'),
        life(1, 'chaos-app-4', 'created'),
        life(2, 'chaos-worker-1', 'ended', 'worker'),
      ),
    ).to.deep.equal([[4, 4]]);
    expect(lifelines(sampleHistory({ events: [life(1, 'chaos-app-1', 'ended')] }), 'app')).to.deep.equal([]);
  });
});

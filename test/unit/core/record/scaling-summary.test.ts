import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { scaledServices, scalingSummary } from '../../../../harness/core/record/scaling-summary.ts';
import type { Deed } from '../../../../harness/core/topology/life.ts';
import { runDocument } from '../../../../harness/judge/document.ts';
import type { Judgement } from '../../../../harness/judge/judge.ts';
import { sampleHistory, spanOf } from '../../../helpers/samples/history.ts';
import { ONE_OF_EACH } from '../../../helpers/samples/one-of-each.ts';
import { change as changeAt, life as lifeAt } from '../../../helpers/samples/scaling.ts';

const FAULT = spanOf('fault').started;
const at = (seconds: number): number => FAULT + seconds * 1_000;
const life = (seconds: number, container: string, did: Deed, service = 'app'): RunEvent =>
  lifeAt(at(seconds), container, did, service);
const change = (seconds: number, from: number, to: number): RunEvent[] => changeAt(at(seconds), from, to);
const born = (number: number, created: number, healthy: number): RunEvent[] => [
  life(created, `chaos-app-${number}`, 'created'),
  life(healthy, `chaos-app-${number}`, 'healthy'),
];
const TOLD: RunEvent = { kind: 'lives', t: spanOf('warmup').started, told: true };
const GROWN = [TOLD, ...change(2, 3, 5), ...born(4, 2.2, 5), ...born(5, 2.4, 9)];

const summary = (...events: readonly RunEvent[]) => scalingSummary(sampleHistory({ events }), 'app');

describe('the summary of how a service was scaled', () => {
  it('has the changes, the most that served, and how late the decision and its containers were', () => {
    expect(summary(...GROWN, ...change(20, 5, 3))).to.deep.equal({
      service: 'app',
      ups: 1,
      downs: 1,
      flaps: 0,
      most_served: 5,
      decision_lag_ms: 2_000,
      new_containers: 2,
      never_healthy: 0,
      readiness_lag_ms: 7_000,
      serving_lag_ms: null,
    });
  });

  it('measures each container from the latest change before it was made', () => {
    const second = [...change(12, 5, 6), ...born(6, 13, 15)];
    expect(summary(TOLD, ...change(2, 3, 5), ...born(4, 2.2, 5), ...second).readiness_lag_ms).to.equal(3_000);
  });

  it('has the first answers where the edge tells them', () => {
    const [row] = ONE_OF_EACH.hops.rows;
    const served = { 'chaos-app-4': { first: at(6), last: at(20) }, 'chaos-app-5': { first: at(11), last: at(20) } };
    const hops = { ...ONE_OF_EACH.hops, app: 'app', rows: [{ ...row!, app: { ...row!.app, served } }] };
    expect(summary(...GROWN, hops)).to.include({ serving_lag_ms: 9_000, readiness_lag_ms: 7_000 });
  });

  it('counts containers that were never healthy, and flaps', () => {
    expect(summary(TOLD, ...change(2, 3, 4), life(3, 'chaos-app-4', 'created'))).to.include({
      new_containers: 1,
      never_healthy: 1,
      readiness_lag_ms: null,
    });
    expect(summary(TOLD, ...change(2, 3, 4), ...change(5, 4, 3), ...change(8, 3, 4)).flaps).to.equal(1);
  });

  it('has no most and no lag where the record does not tell them', () => {
    const [, ...untold] = GROWN;
    expect(summary(...untold).most_served).to.equal(null);
    const early = [TOLD, ...changeAt(spanOf('baseline').started + 1_000, 3, 4)];
    expect(summary(...early).decision_lag_ms).to.equal(null);
  });
});

describe('the services that were scaled', () => {
  const found = (...events: readonly RunEvent[]): readonly string[] => scaledServices(sampleHistory({ events }));

  it('are those that a controller changed, or that something else gave a container', () => {
    expect(found()).to.deep.equal([]);
    expect(found(...change(2, 3, 5))).to.deep.equal(['app']);
    expect(found(life(2, 'chaos-worker-2', 'created', 'worker'))).to.deep.equal(['worker']);
  });

  it('are not those whose containers died and came back, were made before the load, or were deployed', () => {
    expect(found(life(2, 'chaos-app-2', 'ended'), life(3, 'chaos-app-2', 'started'))).to.deep.equal([]);
    expect(found(lifeAt(spanOf('warmup').started - 500, 'chaos-app-2', 'created'))).to.deep.equal([]);
    const deployed: RunEvent = { ...ONE_OF_EACH['deploy.ended'], service: 'app', t: at(9) };
    expect(found(life(2, 'chaos-app-2', 'created'), deployed)).to.deep.equal([]);
  });

  it('are in the document of the run, and nothing is when there are none', () => {
    const judgement: Judgement = {
      verdict: 'PASS',
      exit: 'pass',
      restored: true,
      reason: undefined,
      checks: [],
      faults: [],
      residue: [],
      invalid: [],
    };
    const document = (events: readonly RunEvent[]) => runDocument(sampleHistory({ events }), judgement, 'dir', []);
    expect(document(GROWN).scaling).to.have.nested.property('[0].most_served', 5);
    expect(document([])).not.to.have.property('scaling');
  });
});

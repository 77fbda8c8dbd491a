import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Fault } from '../../../harness/core/kinds/fault.ts';
import type { Observation } from '../../../harness/core/record/observation.ts';
import type { ServiceSpec } from '../../../harness/core/topology/spec.ts';
import poisonJob from '../../../harness/faults/poison_job.ts';
import slowClient from '../../../harness/faults/slow_client.ts';
import trafficSpike from '../../../harness/faults/traffic_spike.ts';
import { failed, faultRecord, INJECTING, observations, printed, told } from '../../helpers/samples/fault.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';

const proof =
  (fault: Fault, params: unknown) =>
  (...seen: readonly Observation[][]) =>
    fault.bind(params).prove(faultRecord({ observations: seen.flat() }));

describe('the proof of poison_job', () => {
  const params = poisonJob.params.parse({ jobs: 10 });
  const [attempts = ''] = poisonJob.observers(params, SPEC).map(({ id }) => id);
  const prove = proof(poisonJob, params);
  const since = (t: number): number => Math.max(0, t - INJECTING);

  it('says effective when at least as many attempts fail as there are jobs, and more than before', () => {
    const { effective, evidence } = prove(told(attempts, (t) => 4 + Math.floor(since(t) / 500)));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.equal(
      '39 attempts at jobs failed after the fault began, 0 in the readings before it (10 poison jobs)',
    );
  });

  it('says not effective when no attempts fail, too few fail, or as many as before', () => {
    expect(prove(told(attempts, () => 4)).effective).to.equal('not effective');
    expect(prove(told(attempts, (t) => Math.min(9, since(t)))).effective).to.equal('not effective');
    const always = told(attempts, (t) => Math.floor(Math.min(t, 19_000) / 100));
    expect(prove(always).effective).to.equal('not effective');
  });

  it('adds up what several workers count: each tries some of the jobs', () => {
    const worker = { ...SPEC.services['worker'], replicas: 3 } as ServiceSpec;
    const several = { ...SPEC, services: { ...SPEC.services, worker } };
    const ids = poisonJob.observers(params, several).map(({ id }) => id);
    expect(ids.map((id) => id.split(' ').at(-1))).to.deep.equal(['chaos-worker-1', 'chaos-worker-2', 'chaos-worker-3']);
    const each = (most: number): Observation[][] => ids.map((id) => told(id, (t) => 4 + Math.min(most, since(t))));
    const { effective, evidence } = prove(...each(4));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.match(/^12 attempts at jobs failed/);
    expect(prove(...each(3)).effective).to.equal('not effective');
    const [first = [], second = []] = each(20);
    const unread = observations(printed(4), failed('CHAOS_COMMAND'), ids[2]);
    expect(prove(first, second, unread).effective, 'one worker was not read').to.equal('inconclusive');
  });

  it('says inconclusive without observations', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(failed('CHAOS_COMMAND'), printed(50), attempts)).effective).to.equal('inconclusive');
  });
});

describe('the proof of slow_client', () => {
  const params = slowClient.params.parse({ connections: 200 });
  const [reading = ''] = slowClient.observers(params, SPEC).map(({ id }) => id);
  const prove = proof(slowClient, params);

  it('is of a fault that sends one byte a second by default', () => {
    expect(params.every).to.equal(1_000);
  });

  it('says effective when about as many extra connections are sending a request as configured', () => {
    const { effective, evidence } = prove(observations(printed(1), printed(200), reading));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('1 connections were still sending their request before the fault, 200 during it');
  });

  it('says not effective when hardly more connections are sending a request than before', () => {
    expect(prove(observations(printed(1), printed(2), reading)).effective).to.equal('not effective');
    expect(prove(observations(printed(190), printed(200), reading)).effective).to.equal('not effective');
  });

  it('says inconclusive without observations, or without an answer', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(printed(1), failed('CHAOS_COMMAND'), reading)).effective).to.equal('inconclusive');
  });
});

describe('the proof of traffic_spike', () => {
  const params = trafficSpike.params.parse({ rate: '300/s', path: '/api/dashboard?vendor_id=1' });
  const [read = ''] = trafficSpike.observers(params, SPEC).map(({ id }) => id);
  const prove = proof(trafficSpike, params);
  /** A counter that rises by `before` a second before the fault, and by `during` a second from its beginning on. */
  const counted = (before: number, during: number) =>
    told(read, (t) => Math.floor((Math.min(t, INJECTING) * before + Math.max(0, t - INJECTING) * during) / 1_000));

  it('says effective when the server reads about the configured number of requests a second more', () => {
    const { effective, evidence } = prove(counted(100, 400));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.match(
      /^the server read 100 requests a second before the fault, 400 during it \(300 more asked for, \d+ readings\)$/,
    );
  });

  it('says not effective when the server reads no more requests than before, or far fewer than configured', () => {
    expect(prove(counted(100, 100)).effective).to.equal('not effective');
    expect(prove(counted(100, 300)).effective).to.equal('not effective');
  });

  it('says inconclusive without observations', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(failed('CHAOS_COMMAND'), printed(50), read)).effective).to.equal('inconclusive');
  });
});

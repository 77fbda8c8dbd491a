import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Fault } from '../../../harness/core/fault.ts';
import type { Observation } from '../../../harness/core/observation.ts';
import poisonJob from '../../../harness/faults/poison_job.ts';
import slowClient from '../../../harness/faults/slow_client.ts';
import trafficSpike from '../../../harness/faults/traffic_spike.ts';
import { failed, faultRecord, INJECTING, observations, printed, told } from '../../helpers/sample-fault.ts';
import { SPEC } from '../../helpers/topology.ts';

const proof =
  (fault: Fault, params: unknown) =>
  (...seen: readonly Observation[][]) =>
    fault.prove(faultRecord({ observations: seen.flat() }), params);

describe('the proof of poison_job', () => {
  const params = poisonJob.params.parse({ jobs: 10 });
  const [attempts = ''] = poisonJob.observers(params, SPEC).map(({ id }) => id);
  const prove = proof(poisonJob, params);
  const since = (t: number): number => Math.max(0, t - INJECTING);

  it('effective when as many attempts fail as there are jobs, and more than before', () => {
    const { effective, evidence } = prove(told(attempts, (t) => 4 + Math.floor(since(t) / 500)));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.equal(
      '39 attempts at jobs failed since the fault began, 0 in the time seen before (10 poison jobs)',
    );
  });

  it('not effective when none fail, too few, or as many as before', () => {
    expect(prove(told(attempts, () => 4)).effective).to.equal('not effective');
    expect(prove(told(attempts, (t) => Math.min(9, since(t)))).effective).to.equal('not effective');
    const always = told(attempts, (t) => Math.floor(Math.min(t, 19_000) / 100));
    expect(prove(always).effective).to.equal('not effective');
  });

  it('inconclusive without looks', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(failed('CHAOS_COMMAND'), printed(50), attempts)).effective).to.equal('inconclusive');
  });
});

describe('the proof of slow_client', () => {
  const params = slowClient.params.parse({ connections: 200 });
  const [reading = ''] = slowClient.observers(params, SPEC).map(({ id }) => id);
  const prove = proof(slowClient, params);

  it('a byte a second unless it is told otherwise', () => {
    expect(params.every).to.equal(1_000);
  });

  it('effective when the server reads so many requests more', () => {
    const { effective, evidence } = prove(observations(printed(1), printed(200), reading));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.include('1 connections were still sending their request before, 200 during');
  });

  it('not effective when it reads no more than before', () => {
    expect(prove(observations(printed(1), printed(2), reading)).effective).to.equal('not effective');
    expect(prove(observations(printed(190), printed(200), reading)).effective).to.equal('not effective');
  });

  it('inconclusive without looks, or without an answer', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(printed(1), failed('CHAOS_COMMAND'), reading)).effective).to.equal('inconclusive');
  });
});

describe('the proof of traffic_spike', () => {
  const params = trafficSpike.params.parse({ rate: '300/s', path: '/api/dashboard?vendor_id=1' });
  const [read = ''] = trafficSpike.observers(params, SPEC).map(({ id }) => id);
  const prove = proof(trafficSpike, params);
  /** A counter that rises by so many a second, before and from the beginning of the fault on. */
  const counted = (before: number, during: number) =>
    told(read, (t) => Math.floor((Math.min(t, INJECTING) * before + Math.max(0, t - INJECTING) * during) / 1_000));

  it('effective when the server reads so many requests a second more', () => {
    const { effective, evidence } = prove(counted(100, 400));
    expect(effective, evidence).to.equal('effective');
    expect(evidence).to.match(
      /^the server read 100 requests a second before, 400 during \(300 more asked, \d+ looks\)$/,
    );
  });

  it('not effective when it reads no more than before, or far fewer than asked', () => {
    expect(prove(counted(100, 100)).effective).to.equal('not effective');
    expect(prove(counted(100, 300)).effective).to.equal('not effective');
  });

  it('inconclusive without looks', () => {
    expect(prove().effective).to.equal('inconclusive');
    expect(prove(observations(failed('CHAOS_COMMAND'), printed(50), read)).effective).to.equal('inconclusive');
  });
});

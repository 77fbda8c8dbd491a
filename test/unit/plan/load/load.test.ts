import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { peakRate, plannedWithin } from '../../../../harness/core/load/arrivals.ts';
import type { LoadPlan } from '../../../../harness/core/load/load.ts';
import { describeLoad } from '../../../../harness/core/load/plan.ts';
import { catalogue, compose } from '../../../../harness/main.ts';
import { plannedRequests, readExperiment, readWorkload } from '../../../../harness/plan/index.ts';
import { atRate } from '../../../../harness/plan/load/load.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

const read = (...overrides: readonly string[]) =>
  readExperiment({ file: here('experiments/redis-loss.yaml'), overrides, ...catalogue, env: {}, compose });
const load = (...overrides: readonly string[]): LoadPlan | undefined => read(...overrides).plan?.load;
const wrong = (...overrides: readonly string[]): string[] =>
  read(...overrides).problems.map(({ code, message }) => `${code} ${message}`);

describe('the load block', () => {
  it('may be a rate, with evenly spaced requests unless it says otherwise', () => {
    expect(load()?.arrivals).to.deep.equal({ process: 'constant', stages: [{ ms: 0, from: 278, to: 278 }] });
    expect(load()).to.include({ virtualUsers: 2_198, users: undefined });
    expect(load('load.arrivals=poisson', 'load.rate=1000000/h')?.arrivals).to.deep.include({ process: 'poisson' });
    const { plan } = read('load.rate=100/s', 'phases.warmup=5s');
    const { warmup = 0, baseline = 0, fault = 0, recovery = 0 } = plan?.phases ?? {};
    expect(plan === undefined ? 0 : plannedRequests(plan)).to.equal((warmup + baseline + fault + recovery) / 10);
  });

  it('may be stages: a ramp begins at the rate before it, and a step has a rate of its own', () => {
    const stages = '[{ to: 100/s, for: 10s }, { at: 300/s, for: 5s }, { to: 0/s, for: 2s }, { at: 60/min, for: 1s }]';
    expect(load('load.rate=', `load.stages=${stages}`)?.arrivals.stages).to.deep.equal([
      { ms: 10_000, from: 0, to: 100 },
      { ms: 5_000, from: 300, to: 300 },
      { ms: 2_000, from: 300, to: 0 },
      { ms: 1_000, from: 1, to: 1 },
    ]);
  });

  it('may be virtual users, who make as many requests as their frequencies say', () => {
    const users = load('load.rate=', 'load.virtual_users=50000', 'load.ramp_up=20s');
    expect(users).to.deep.include({ users: { count: 50_000, rampUpMs: 20_000 }, virtualUsers: 50_000 });
    expect(peakRate(users?.arrivals ?? { process: 'poisson', stages: [] })).to.be.closeTo(6_325, 1e-6);
    expect(users?.arrivals.stages[0]?.from).to.equal(0);
  });

  it('takes another constant rate in the place of its own, and keeps the rest', () => {
    const whole = { workload: 'a.yaml', over: 'tls' };
    expect(atRate({ ...whole, rate: '278/s' }, 100)).to.deep.equal({ ...whole, rate: '360000/h' });
    expect(atRate({ ...whole, stages: [{ at: '1/s', for: '1s' }] }, 0.5)).to.deep.equal({ ...whole, rate: '1800/h' });
    expect(atRate({ ...whole, virtual_users: 5, ramp_up: '1s' }, 1e6 / 3_600)).to.deep.equal({
      ...whole,
      rate: '1000000/h',
    });
    expect(atRate({ ...whole, rate: '278/s' }, undefined)).to.deep.equal({ ...whole, rate: '278/s' });
  });

  it('may go over TLS, and may give a share of its requests connections of their own', () => {
    expect(load()).to.not.have.any.keys('overTls', 'newConnections');
    expect(load('load.over=http')).to.not.have.any.keys('overTls');
    const plan = load('load.over=tls', 'load.new_connections=12.5%');
    expect(plan).to.include({ overTls: true, newConnections: 0.125 });
    expect(plan === undefined ? '' : describeLoad(plan)).to.match(/^278\/s, .*, over TLS, 12\.5 % on new connections$/);
    for (const share of ['0%', '101%', '10', '0.1'])
      expect(wrong(`load.new_connections=${share}`)[0], share).to.match(/^CHAOS_WRONG_\w+ "load\.new_connections"/);
    expect(wrong('load.over=https')).to.deep.equal(['CHAOS_WRONG_VALUE "load.over" cannot be "https"']);
  });

  it('is refused with the reason when it is wrong', () => {
    expect(wrong('load.rate=')).to.deep.equal(['CHAOS_MISSING_KEY "load.rate" is missing']);
    expect(wrong('load.virtual_users=5')).to.deep.equal([
      'CHAOS_LOAD_TWICE "load.rate" and "load.virtual_users" both say how much is sent',
    ]);
    expect(wrong('load.ramp_up=5s')).to.deep.equal(['CHAOS_LOAD_TWICE "load.rate" has no users who could join']);
    expect(wrong('load.rate=', 'load.stages=[{ at: 0/s, for: 5s }]')).to.deep.equal([
      'CHAOS_WRONG_VALUE these stages send nothing',
    ]);
    expect(wrong('load.rate=', 'load.stages=[{ for: 5s }, { to: 1/s, at: 1/s, for: 5s }]')).to.deep.equal([
      'CHAOS_WRONG_VALUE "load.stages[0]" is not valid',
      'CHAOS_WRONG_VALUE "load.stages[1]" is not valid',
    ]);
    expect(wrong('load.rate=', 'load.virtual_users=900000')[0]).to.match(/^CHAOS_WRONG_VALUE 900000 users .* 50000\/s/);
  });
});

describe("the specification's LoadTestConfig", () => {
  it('is read as it is written', () => {
    const workload = readWorkload(here('experiments/workloads/wedding-season.yaml'), 'unaudited');
    if (!('scenarios' in workload)) throw new Error(JSON.stringify(workload));
    expect(workload.test).to.deep.equal({ type: 'load', virtualUsers: 50_000, durationMs: 300_000, rampUpMs: 60_000 });
    const given = workload.scenarios.map(({ name, weight, endpoints }) => [
      name,
      weight,
      ...endpoints.map((e) => `${e.name} ${e.frequency}`),
    ]);
    expect(given).to.deep.equal([
      [
        'vendor_dashboard_usage',
        40,
        'GET /api/dashboard 0.1',
        'GET /api/clients 0.05',
        'GET /api/weddings/upcoming 0.05',
      ],
      ['couple_form_submission', 30, 'POST /api/forms/submit 0.02', 'POST /api/photos/upload 0.01'],
      [
        'wedding_day_operations',
        20,
        'PUT /api/timeline/update 0.1',
        'POST /api/communication/send 0.05',
        'PUT /api/tasks/complete 0.03',
      ],
      ['payment_processing', 10, 'POST /api/payments/process 0.01', 'POST /api/invoices/generate 0.005'],
    ]);
  });

  it('is refused as the workload of an experiment, because an audit could not find its writes', () => {
    const problems = readWorkload(here('experiments/workloads/wedding-season.yaml'), 'audited');
    expect('scenarios' in problems ? 0 : problems.length).to.equal(7);
  });
});

describe('the requests of a window', () => {
  it('include the requests of the ramp-up', () => {
    const users = load('load.rate=', 'load.virtual_users=50000', 'load.ramp_up=20s');
    expect(users === undefined ? 0 : plannedWithin(users.arrivals, 0, 20_000)).to.be.closeTo(63_250, 1e-6);
  });
});

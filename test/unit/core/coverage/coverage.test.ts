import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Cell } from '../../../../harness/core/coverage/cell.ts';
import { componentsOf } from '../../../../harness/core/coverage/component.ts';
import { cellsOf, coverageOf } from '../../../../harness/core/coverage/coverage.ts';
import type { CoveredRun } from '../../../../harness/core/coverage/covered-run.ts';
import { fingerprintOf } from '../../../../harness/core/freshness/fingerprint.ts';
import type { Plan } from '../../../../harness/core/plan/plan.ts';
import type { TopologySpec } from '../../../../harness/core/topology/spec.ts';
import { SPEC } from '../../../helpers/doubles/topology/spec.ts';
import { known } from '../../../helpers/known.ts';
import { coveredRun, digestedPlan, IMAGES } from '../../../helpers/samples/covered.ts';

const cover = (runs: readonly CoveredRun[], spec: TopologySpec = SPEC): readonly Cell[] =>
  coverageOf({
    spec,
    known,
    runs,
    nowOf: () => ({ fingerprint: fingerprintOf({ plan: digestedPlan(), images: IMAGES })! }),
  });

const cellIn = (cells: readonly Cell[], failure: string, component: string): Cell => {
  const found = cells.filter((cell) => cell.failure === failure && cell.component === component);
  expect(found, `${failure} of ${component}`).to.have.lengthOf(1);
  return found[0]!;
};

const kill = (params: object): Pick<Plan, 'faults'> => ({
  faults: [{ id: 'kill-1', fault: 'kill', params, at: 0, for: undefined }],
});

describe('the cells of a topology', () => {
  const none = cover([]);

  it('are every fault at every service, role, group and link, once', () => {
    const names = componentsOf(SPEC).map(({ name }) => name);
    expect(names).to.include.members(['app', 'postgres-a', 'primary of postgres', 'standby of postgres', 'postgres']);
    expect(names).to.include.members(['app-to-primary', 'app-to-redis']);
    expect(new Set(names).size).to.equal(names.length);
    expect(none).to.have.lengthOf(names.length * known.faults.length);
    expect(new Set(none.map(({ failure, component }) => `${failure} ${component}`)).size).to.equal(none.length);
  });

  it('are never tried or not applicable without runs, and each that is not applicable has a reason in words', () => {
    for (const { state, reason, failure, component, run } of none) {
      expect(state, `${failure} of ${component}`).to.be.oneOf(['never', 'not applicable']);
      expect(run).to.equal(null);
      if (state === 'never') expect(reason).to.equal(null);
      else expect(reason, `${failure} of ${component}`).to.match(/^["\w].* .*\w/);
    }
  });

  it('have every fault of the catalogue at one place at least', () => {
    const applicable = new Set(none.filter(({ state }) => state === 'never').map(({ failure }) => failure));
    expect(known.faults.map(({ name }) => name).filter((name) => !applicable.has(name))).to.deep.equal([]);
  });

  for (const [failure, component, reason] of [
    ['latency', 'app', 'latency breaks links, and this is none'],
    ['kill', 'app-to-redis', 'kill breaks no link'],
    ['table_lock', 'app', 'table_lock is made for postgres'],
    ['table_lock', 'standby of postgres', 'table_lock hits the primary only'],
    ['redis_flush', 'worker', 'redis_flush is made for redis'],
    ['slow_client', 'app', 'slow_client is made for nginx'],
    [
      'kill',
      'postgres-a',
      'postgres-a is a member of postgres, and roles move: see the primary and the standby of postgres',
    ],
  ] as const)
    it(`say why ${failure} of ${component} cannot be made`, () => {
      expect(cellIn(none, failure, component)).to.include({ state: 'not applicable', reason });
    });

  it('follow what the topology has: links and capabilities', () => {
    const { redis: _redis, redisService: _service, ...without } = SPEC;
    const bare = cover([], {
      ...without,
      redis: undefined,
      toxiproxy: undefined,
      links: {},
      certificate: undefined,
    } as never);
    expect(bare.filter(({ kind }) => kind === 'link')).to.deep.equal([]);
    expect(cellIn(bare, 'redis_flush', 'redis').reason).to.match(/needs the capability "redis"/);
    expect(cellIn(none, 'certificate_expired', 'nginx').state).to.equal('never');
    expect(cellIn(none, 'certificate_expired', 'app').state).to.equal('not applicable');
  });

  it('leave out a service that ends by itself', () => {
    const job = { ...SPEC.services['worker']!, oneShot: true as const };
    const cells = cover([], { ...SPEC, services: { ...SPEC.services, worker: job } });
    expect(cellIn(cells, 'kill', 'worker').reason).to.equal('worker ends by itself when its work is done');
  });
});

describe('runs', () => {
  it('are found at the role, the group, the service or the link at which their faults were aimed', () => {
    const cells = (faults: CoveredRun['faults']): readonly string[] => cellsOf(faults, SPEC, known);
    expect(cells([{ fault: 'kill', params: { service: 'postgres', role: 'primary' } }])).to.deep.equal([
      'kill of primary of postgres',
    ]);
    expect(cells([{ fault: 'kill', params: { service: 'postgres' } }])).to.deep.equal(['kill of postgres']);
    expect(cells([{ fault: 'kill', params: { service: 'app', replica: 2 } }])).to.deep.equal(['kill of app']);
    expect(cells([{ fault: 'latency', params: { link: 'app-to-redis', latency: 5 } }])).to.deep.equal([
      'latency of app-to-redis',
    ]);
    expect(cells([{ fault: 'no_longer_known', params: {} }])).to.deep.equal([]);
  });

  it('prove their cell, and no other', () => {
    const cells = cover([coveredRun({ day: 3, verdict: 'PASS' })]);
    expect(cellIn(cells, 'kill', 'primary of postgres')).to.include({ state: 'proven' });
    expect(cells.filter(({ run }) => run !== null)).to.have.lengthOf(1);
  });

  it('count also at a member of a group, when somebody aimed there', () => {
    const plan = digestedPlan(kill({ service: 'postgres-a' }));
    const cells = coverageOf({
      spec: SPEC,
      known,
      runs: [coveredRun({ day: 3, verdict: 'PASS', plan })],
      nowOf: () => ({ fingerprint: fingerprintOf({ plan, images: IMAGES })! }),
    });
    expect(cellIn(cells, 'kill', 'postgres-a')).to.include({ state: 'proven' });
  });

  it('of another project are about another topology', () => {
    const { topology } = digestedPlan();
    const plan = digestedPlan({ topology: { ...topology, project: 'shop' } });
    expect(cover([coveredRun({ day: 3, verdict: 'PASS', plan })]).filter(({ run }) => run !== null)).to.deep.equal([]);
  });

  it('decide by their time, in whatever order they are read', () => {
    const [older, newer] = [coveredRun({ day: 3, verdict: 'PASS' }), coveredRun({ day: 4, verdict: 'FAIL' })];
    for (const runs of [
      [older, newer],
      [newer, older],
    ])
      expect(cellIn(cover(runs), 'kill', 'primary of postgres')).to.include({ state: 'failed' });
  });
});

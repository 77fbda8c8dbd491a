import { expect } from 'chai';
import { describe, it } from 'mocha';
import { join } from 'node:path';
import { classNames, memberOf, shareOf } from '../../../../harness/core/load/classes.ts';
import type { Workload } from '../../../../harness/core/load/load.ts';
import { readWorkload } from '../../../../harness/plan/index.ts';
import { ROOT } from '../../../helpers/chaos.ts';

const SATURDAY = readWorkload(join(ROOT, 'experiments', 'workloads', 'saturday.yaml'), 'unaudited') as Workload;

describe('a class of endpoints', () => {
  it('is all, the reads, the writes, a scenario, or an endpoint', () => {
    for (const name of classNames(SATURDAY)) expect(shareOf(name, SATURDAY), name).to.be.above(0);
    expect(shareOf('all', SATURDAY)).to.be.closeTo(1, 1e-9);
    expect(shareOf('reads', SATURDAY) + shareOf('writes', SATURDAY)).to.be.closeTo(1, 1e-9);
    // The shares that the workload's file names.
    expect(shareOf('vendor_dashboard_usage', SATURDAY)).to.be.closeTo(0.6324, 0.0001);
    expect(shareOf('payment_processing', SATURDAY)).to.be.closeTo(0.0119, 0.0001);
    expect(shareOf('GET /api/dashboard', SATURDAY)).to.be.closeTo(0.3162, 0.0001);
    expect(shareOf('write', SATURDAY)).to.equal(0);
  });

  it('says of each request whether it belongs', () => {
    const names = SATURDAY.scenarios.flatMap(({ endpoints }) => endpoints.map(({ name }) => name));
    const requests = { endpoint: Uint16Array.from(names, (_, i) => i) };
    const of = (name: string): string[] => names.filter((_, row) => memberOf(name, SATURDAY, requests)(row));
    expect(of('reads')).to.deep.equal(names.filter((name) => name.startsWith('GET ')));
    expect(of('GET /api/clients')).to.deep.equal(['GET /api/clients']);
    expect(of('nothing')).to.deep.equal([]);
  });
});

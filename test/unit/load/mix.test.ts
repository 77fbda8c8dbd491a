import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Workload } from '../../../harness/core/load/load.ts';
import { seededMix } from '../../../harness/load/mix.ts';
import { headersOf, type PreparedRequest } from '../../../harness/load/http/request.ts';
import { WORKLOAD } from './workload.ts';

const draw = (workload: Workload, seed: number, count: number): PreparedRequest[] => {
  const mix = seededMix(workload, seed, 'run-');
  return Array.from({ length: count }, () => mix.next());
};
const names = (requests: readonly PreparedRequest[]): string[] => requests.map(({ spec }) => spec.name);

describe('the seeded mix of requests', () => {
  it('draws endpoints in the shares that follow from weights and frequencies', () => {
    const requests = draw(WORKLOAD, 42, 20_000);
    const reads = requests.filter(({ spec }) => spec.name === 'read').length / requests.length;
    expect(reads).to.be.closeTo(0.75, 0.02);
  });

  it('repeats its requests with the same seed, and draws others with another seed', () => {
    expect(draw(WORKLOAD, 42, 200)).to.deep.equal(draw(WORKLOAD, 42, 200));
    expect(names(draw(WORKLOAD, 42, 200))).not.to.deep.equal(names(draw(WORKLOAD, 43, 200)));
  });

  it('draws the same endpoints, however many random values the bodies draw', () => {
    const body = '{"a":"{{int 1 9}}","b":"{{pick x y}}","note":"{{token}}"}';
    const scenarios = WORKLOAD.scenarios.map((s) => ({ ...s, endpoints: s.endpoints.map((e) => ({ ...e, body })) }));
    expect(names(draw({ ...WORKLOAD, scenarios }, 42, 500))).to.deep.equal(names(draw(WORKLOAD, 42, 500)));
  });

  it('gives a write its own key and token, and a read a query', () => {
    const requests = draw(WORKLOAD, 42, 100);
    const write = requests.find(({ spec }) => spec.kind === 'write');
    const read = requests.find(({ spec }) => spec.kind === 'read');
    const headers = (request = write): Record<string, string> =>
      request === undefined ? {} : Object.fromEntries(headersOf(request));
    expect(headers()).to.include({ 'idempotency-key': write?.key, 'x-request-id': write?.key });
    expect(JSON.parse(write?.body ?? '')).to.deep.equal({ note: write?.token });
    expect(write?.token).to.equal(`t-${write?.key}`);
    expect(headers(read)).not.to.have.property('idempotency-key');
    expect(read?.path).to.match(/^\/0\.2\?id=[1-9]$/);
    expect(new Set(requests.map(({ key }) => key)).size).to.equal(100);
  });
});

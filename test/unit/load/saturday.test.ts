import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import type { AuditSpec, ScenarioSpec, Workload } from '../../../harness/core/load/load.ts';
import { templateProblems, usesToken } from '../../../harness/core/load/template/templated.ts';
import {
  ratePerUser,
  requestShares,
  scenarioShares,
  virtualUsersFor,
} from '../../../harness/core/load/workload-rate.ts';

const path = new URL('../../../experiments/workloads/saturday.yaml', import.meta.url);
const text = readFileSync(path, 'utf8');
const workload = {
  ...(parse(text) as { name: string; scenarios: ScenarioSpec[] }),
  file: path.pathname,
} satisfies Workload;
const endpoints = workload.scenarios.flatMap((scenario) => scenario.endpoints);
/** The file leaves the query out where there is none. */
const NO_QUERY = { query: {} };
const writes = endpoints.filter(({ method }) => method !== 'GET');

describe('the workload of a Saturday', () => {
  it('has the weights and frequencies of the specification', () => {
    const given = workload.scenarios.map(({ name, weight, endpoints: own }) => [
      name,
      weight,
      ...own.map((e) => e.frequency),
    ]);
    expect(given).to.deep.equal([
      ['vendor_dashboard_usage', 40, 0.1, 0.05, 0.05],
      ['couple_form_submission', 30, 0.02, 0.01],
      ['wedding_day_operations', 20, 0.1, 0.05, 0.03],
      ['payment_processing', 10, 0.01, 0.005],
    ]);
  });

  it('gives the request rates and shares that the comment in its file states', () => {
    expect(ratePerUser(workload)).to.be.closeTo(0.1265, 1e-12);
    expect(ratePerUser(workload) * 50_000).to.be.closeTo(6_325, 1e-6);
    expect(virtualUsersFor(workload, 278)).to.equal(2_198);
    const percents = scenarioShares(workload).map((share) => `${(share * 100).toFixed(2)} %`);
    expect(percents).to.deep.equal(['63.24 %', '7.11 %', '28.46 %', '1.19 %']);
    for (const stated of [...percents, '0.1265', '6,325', '2,198', '278']) expect(text).to.include(stated);
    expect(requestShares(workload).reduce((total, { share }) => total + share, 0)).to.be.closeTo(1, 1e-12);
  });

  it('has templates without a mistake', () => {
    expect(endpoints.flatMap((endpoint) => templateProblems({ ...NO_QUERY, ...endpoint }))).to.deep.equal([]);
  });

  it('sends a token in every write, and audits every write by its token', () => {
    for (const { path: at, body, audit } of writes) {
      expect(usesToken(body), at).to.equal(true);
      const { stored, current, effect } = audit as AuditSpec;
      for (const sql of [stored, current, effect]) expect(sql ?? '$1', at).to.include('$1');
    }
    expect(writes).to.have.length(7);
  });

  it('audits the versions of updated rows and the effects of queued jobs', () => {
    const having = (part: keyof AuditSpec): string[] =>
      writes.filter((e) => e.audit?.[part] !== undefined).map((e) => e.path);
    expect(having('current')).to.deep.equal(['/api/timeline/update', '/api/tasks/complete']);
    expect(having('effect')).to.deep.equal(['/api/photos/upload', '/api/communication/send']);
  });
});

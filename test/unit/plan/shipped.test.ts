import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { peakRate } from '../../../harness/core/load/arrivals.ts';
import { experimentSchema } from '../../../harness/plan/index.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { read } from './read.ts';
import { known } from '../../helpers/known.ts';

const DIR = join(ROOT, 'experiments');
const files = readdirSync(DIR).filter((f) => f.endsWith('.yaml'));
const EXAMPLES = join(ROOT, 'examples');
/** Every experiment under examples/. A workload there is no experiment: it has no topology. */
const examples = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.yaml') && readFileSync(join(EXAMPLES, f), 'utf8').includes('\ntopology: '))
  .sort();

describe('the shipped experiments', () => {
  it('are at least six, with postgres-primary-loss.yaml among them', () => {
    expect(files).to.include('postgres-primary-loss.yaml').and.to.have.lengthOf.at.least(6);
  });

  for (const file of files) {
    it(`have no mistake and no warning: ${file}`, () => {
      const { plan, problems, warnings } = read(join(DIR, file));
      expect([...problems, ...warnings]).to.deep.equal([]);
      expect(plan?.name).to.equal(file.replace('.yaml', ''));
    });

    it(`plan the specification's million calls an hour, unless they are about scaling: ${file}`, () => {
      const { plan } = read(join(DIR, file));
      if (plan === undefined) throw new Error('the experiment has mistakes');
      const perHour = peakRate(plan.load.arrivals) * 3_600;
      if (plan.controllers?.length) expect(perHour).to.be.within(300_000, 1_001_000);
      else expect(perHour).to.be.closeTo(1_000_000, 1_000);
    });
  }

  for (const file of examples) {
    it(`have no mistake and no warning in examples/${file}`, () => {
      const { problems, warnings } = read(join(EXAMPLES, file));
      expect([...problems, ...warnings]).to.deep.equal([]);
    });
  }

  it('are read as they are written, for example postgres-primary-loss.yaml', () => {
    const { plan } = read(join(DIR, 'postgres-primary-loss.yaml'));
    expect(plan?.phases).to.deep.equal({
      warmup: 15_000,
      baseline: 45_000,
      fault: 60_000,
      heal: 60_000,
      recovery: 45_000,
    });
    expect(plan?.faults).to.deep.equal([
      { id: 'kill-1', fault: 'kill', params: { service: 'postgres', role: 'primary' }, at: 0, for: undefined },
    ]);
    expect(plan?.hypotheses.map(({ check, params }) => [check, params])).to.deep.equal([
      ['latency', { p95: 200, during: ['baseline', 'recovery'] }],
      ['errors', { below: 0.001, during: ['baseline', 'recovery'] }],
      ['latency', { p95: 200, of: 'reads', during: ['fault'] }],
      ['errors', { below: 0.001, of: 'reads', during: ['fault'] }],
      ['failover', { service: 'postgres', within: 12_000 }],
      ['acknowledged_writes', { lost: 0 }],
    ]);
    const lines = readFileSync(join(DIR, 'postgres-primary-loss.yaml'), 'utf8').split('\n');
    for (const { check, line } of plan?.hypotheses ?? []) expect(lines[line - 1]).to.include(`- ${check}: `);
  });

  it('come with the schema for editors that the code makes (to write it again: npm run generate)', () => {
    const written: unknown = JSON.parse(readFileSync(join(DIR, 'experiment.schema.json'), 'utf8'));
    expect(written).to.deep.equal(JSON.parse(JSON.stringify(experimentSchema(known))));
  });
});

import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { coverageOf } from '../../../harness/core/coverage/coverage.ts';
import { isGap } from '../../../harness/core/coverage/cell.ts';
import { type Template, templateOf } from '../../../harness/core/coverage/template.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import { outlineOf } from '../../../harness/core/plan/outline.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { topologySpec } from '../../../harness/main.ts';
import { generatedYaml, type ModelFile, readModel } from '../../../harness/plan/index.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { known } from '../../helpers/known.ts';
import { read } from './read.ts';

const EXPERIMENTS = join(ROOT, 'experiments');
const MODEL = join(EXPERIMENTS, 'app-replica-kill.yaml');

describe('a generated experiment', function () {
  // A hang guard: hundreds of experiments are read.
  this.timeout(120_000);
  let spec: TopologySpec;
  let model: ModelFile;
  let shipped: readonly Plan[];

  const template = (failure: string, component: string): Template => {
    const others = shipped.flatMap(({ hypotheses }) => hypotheses);
    const made = templateOf({ failure, component }, { spec, known, model, others });
    if (made === undefined) throw new Error(`${failure} of ${component} cannot be made`);
    return made;
  };
  /** Reads a generated experiment as `chaos validate` does. */
  const validated = (one: Template, folder: string) => {
    const file = join(folder, `${one.name}.yaml`);
    writeFileSync(file, generatedYaml(one, model, folder));
    return read(file);
  };

  before(() => {
    spec = topologySpec([join(ROOT, 'docker-compose.chaos.yml')], {});
    const found = readModel(MODEL);
    if (found === undefined) throw new Error('the model cannot be read');
    model = found;
    const files = readdirSync(EXPERIMENTS).filter((file) => file.endsWith('.yaml'));
    shipped = files.flatMap((file) => read(join(EXPERIMENTS, file)).plan ?? []);
  });

  it('is valid, plans and warns of nothing, for every applicable cell of the shipped topology', () => {
    const folder = mkdtempSync(join(tmpdir(), 'generated-'));
    const nowOf = (): never => {
      throw new Error('there are no runs');
    };
    const gaps = coverageOf({ spec, known, runs: [], nowOf }).filter(isGap);
    expect(gaps).to.have.lengthOf.above(300);
    const names = new Set<string>();
    for (const { failure, component } of gaps) {
      const { plan, problems, warnings } = validated(template(failure, component), folder);
      const what = `${failure} of ${component}`;
      expect([problems, warnings], what).to.deep.equal([[], []]);
      if (plan === undefined) throw new Error(`${what} has no plan`);
      const { faults } = outlineOf(plan, known.steps, known.faults);
      expect(
        faults.map(({ name }) => name),
        what,
      ).to.deep.equal([failure]);
      expect(faults[0]?.targets, what).not.to.deep.equal([]);
      names.add(plan.name);
    }
    expect(names.size).to.equal(gaps.length);
  });

  it('has the same text each time, and says what it was made after', () => {
    const text = (): string => generatedYaml(template('pause', 'redis'), model, join(EXPERIMENTS, 'generated'));
    expect(text()).to.equal(text());
    expect(text().split('\n').slice(0, 4)).to.deep.equal([
      '# Made by `chaos coverage --generate` after ../app-replica-kill.yaml: its load, phases and limits. The fault has the',
      '# values of its example (`chaos explain`). Change what you know better: the file is not written again.',
      '',
      'title: After pause of redis, users are served as before and no write is lost',
    ]);
  });

  it('expects users to notice nothing only when another replica or member is left', () => {
    const duringOf = (failure: string, component: string): unknown =>
      Object.values(template(failure, component).hypotheses[0] ?? {})[0];
    const all = ['baseline', 'fault', 'recovery'];
    expect(duringOf('pause', 'app')).to.deep.include({ during: all });
    expect(duringOf('kill', 'standby of postgres')).to.deep.include({ during: all });
    const around = ['baseline', 'recovery'];
    expect(duringOf('pause', 'worker')).to.deep.include({ during: around });
    expect(duringOf('kill', 'primary of postgres')).to.deep.include({ during: around });
    expect(duringOf('kill', 'postgres')).to.deep.include({ during: around });
    expect(duringOf('cpu_burn', 'app')).to.deep.include({ during: around });
    expect(duringOf('latency', 'app-to-redis')).to.deep.include({ during: around });
  });

  it('expects a failover when the primary is taken away, as soon as other experiments do', () => {
    const names = (failure: string): string[] =>
      template(failure, 'primary of postgres').hypotheses.flatMap((one) => Object.keys(one));
    expect(names('kill')).to.deep.equal(['latency', 'errors', 'failover', 'acknowledged_writes']);
    expect(names('cpu_burn')).to.deep.equal(['latency', 'errors', 'acknowledged_writes']);
  });

  it('asks over TLS when only clients over TLS notice the fault', () => {
    expect(template('certificate_expired', 'nginx').load).to.include({ over: 'tls', new_connections: '10%' });
    expect(template('kill', 'nginx').load).not.to.have.property('over');
  });

  it('names its files from its own folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'generated-'));
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
    const { plan } = validated(template('kill', 'redis'), join(folder, 'deep', 'er'));
    expect(plan?.topology.files).to.deep.equal(spec.files);
  });

  it('is not made where a fault cannot be aimed', () => {
    const options = { spec, known, model, others: [] };
    expect(templateOf({ failure: 'latency', component: 'app' }, options)).to.equal(undefined);
    expect(templateOf({ failure: 'kill', component: 'nobody' }, options)).to.equal(undefined);
    expect(templateOf({ failure: 'nothing', component: 'app' }, options)).to.equal(undefined);
  });
});

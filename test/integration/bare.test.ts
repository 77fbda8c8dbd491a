import { expect } from 'chai';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { chaos, ROOT, runExperiment, summary } from '../helpers/chaos.ts';
import { docker } from '../helpers/docker.ts';
import { drawn } from '../helpers/drawn.ts';

const WEB = join(ROOT, 'examples', 'web');
const COMPOSE = join(WEB, 'compose.yml');
const KILL = join(WEB, 'kill.yaml');
const NAME = 'web-web-1';
const SHORT = ['phases.warmup=1s', 'phases.baseline=5s', 'phases.fault=7s', 'phases.recovery=3s'];
const set = (...values: readonly string[]): string[] => values.flatMap((value) => ['--set', value]);

/** What the plain Docker client says about the container: its state, its limit of processor time, its networks. */
const container = (): string =>
  docker(
    'inspect',
    '--format',
    '{{.State.Status}} {{.HostConfig.NanoCpus}} {{.HostConfig.CpuQuota}} {{range $n, $_ := .NetworkSettings.Networks}}{{$n}}{{end}}',
    NAME,
  );

/** Each takes half a minute. CHAOS_TESTS=all tries all of them. */
const FAULTS = [
  ['kill', '{ service: web }'],
  ['pause', '{ service: web }'],
  ['cpu_limit', '{ service: web, cpus: 0.01 }'],
] as const;

describe('a topology of one web server and nothing else', function () {
  // The phases of a run take 16 s.
  this.timeout(120_000);

  before(async () => {
    const { code, stderr } = await chaos(['topology', 'up', '-f', COMPOSE]);
    expect(code, stderr).to.equal(0);
  });

  after(async () => {
    await chaos(['topology', 'down', '-f', COMPOSE]);
  });

  for (const [name, params] of drawn(FAULTS, 1)) {
    it(`is hit by ${name}, which is proven and healed, and its latency and errors are judged`, async () => {
      const run = await runExperiment([KILL, ...set(...SHORT, `faults.0={ ${name}: ${params} }`)]);
      expect(run.faults, summary(run)).to.have.lengthOf(1);
      expect(run.faults[0]?.effective, summary(run)).to.equal('effective');
      expect(run.restored, summary(run)).to.equal(true);
      expect(run.residue).to.deep.equal([]);
      expect(run.checks.map((check) => check.name)).to.have.members(['latency p95', 'latency p95', 'errors', 'errors']);
      for (const check of run.checks) expect(check.samples, summary(run)).to.be.greaterThan(100);
      // Before the fault and after it the server answers. How fast it does so is up to the host too.
      const errors = run.checks.filter(({ name }) => name === 'errors');
      for (const { verdict } of errors) expect(verdict, summary(run)).not.to.equal('FAIL');
      expect(run).not.to.have.property('reconciliation');
      expect(container()).to.match(/^running 0 (?:0|-1) web_default$/);
    });
  }

  it('is refused a fault that needs SQL, at the line of the file and with the capability', async () => {
    const file = join(ROOT, 'test', 'fixtures', 'lacking', 'table-lock.yaml');
    for (const command of ['validate', 'plan']) {
      const { code, stdout, stderr } = await chaos([command, file]);
      expect(code, stdout).to.equal(2);
      expect(stderr).to.include('table-lock.yaml:6:5').and.include('CHAOS_LACKS');
      expect(stderr).to.match(/needs the capabilities .*"sql" \(SQL on the primary of a database\)/);
    }
  });
});

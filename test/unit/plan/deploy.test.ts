import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { compose } from '../../../harness/main.ts';
import { readExperiment } from '../../../harness/plan/index.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { known } from '../../helpers/known.ts';
import { told } from './read.ts';
import { folderOf, read, sound } from './topology/read.ts';

/** Returns the mistakes of an experiment with one deploy and one hypothesis on the shipped topology. */
function mistakesOf(deploy: string, check = '{ service: app }', env: Readonly<Record<string, string>> = {}): string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'deploy-')), 'experiment.yaml');
  writeFileSync(
    file,
    `title: t\ntopology: ${ROOT}/docker-compose.chaos.yml\n` +
      `load: { workload: ${ROOT}/experiments/workloads/saturday.yaml, rate: 278/s }\n` +
      `phases: { baseline: 20s, fault: 30s, recovery: 20s }\nfaults:\n  - deploy: ${deploy}\n` +
      `hypotheses:\n  - deploy: ${check}\n`,
  );
  const { problems, warnings } = readExperiment({ file, overrides: [], ...known, env, compose });
  return [...problems, ...warnings]
    .filter(({ code }) => code !== 'CHAOS_TOO_FEW_REQUESTS')
    .map((problem) => `${told(problem)} ${problem.message}`);
}

describe('a deploy in an experiment', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  it('is read, with and without the image in the compose file', () => {
    expect(mistakesOf("{ service: app, image: '{{image}}-good', healthy_within: 20s }")).to.deep.equal([]);
    expect(mistakesOf('{ service: app, image: shop/app:1.4 }')).to.deep.equal([]);
  });

  it('is refused with its place: a bad image, an unknown service, a service without update_config', () => {
    for (const [deploy, mistake] of [
      ['{ service: app, image: Shop App }', /^experiment\.yaml:6:36 CHAOS_WRONG_VALUE /],
      ['{ service: app }', /^experiment\.yaml:6:\d+ CHAOS_MISSING_KEY /],
      ['{ service: ap, image: a }', /^experiment\.yaml:6:\d+ CHAOS_UNKNOWN_SERVICE .*"ap"/],
      ['{ service: redis, image: a }', /^experiment\.yaml:6:\d+ CHAOS_NO_UPDATE_CONFIG .*"redis" is updated/],
      ['{ service: postgres, image: a }', /^experiment\.yaml:6:\d+ CHAOS_NO_UPDATE_CONFIG /],
    ] as const) {
      const [found = '', ...more] = mistakesOf(deploy);
      expect(found, deploy).to.match(mistake);
      expect(more, deploy).to.deep.equal([]);
    }
  });

  it('is refused when one replica more needs more connections than PostgreSQL takes', () => {
    const deploy = '{ service: app, image: a }';
    const env = { CHAOS_APP_REPLICAS: '11', CHAOS_DB_POOL_SHARED: 'off' };
    expect(mistakesOf(deploy, undefined, env)[0]).to.match(
      /^experiment\.yaml:6:\d+ CHAOS_CONNECTIONS while "app" is deployed/,
    );
    const fewer = { ...env, CHAOS_APP_REPLICAS: '10', CHAOS_UPDATE_ORDER: 'stop-first' };
    expect(mistakesOf(deploy, undefined, fewer)).to.deep.equal([]);
  });

  it('has a check that names a service of the topology, and that the phase is long enough for', () => {
    const deploy = '{ service: app, image: a }';
    expect(mistakesOf(deploy, '{ service: ap }')[0]).to.match(/^experiment\.yaml:8:\d+ CHAOS_UNKNOWN_SERVICE /);
    expect(mistakesOf(deploy, '{ service: app, within: 40s }')[0]).to.match(/CHAOS_PHASE_SHORT .*may take 40\.0 s/);
  });
});

describe('how a service is updated', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  const spec = (services: string) =>
    sound(
      read([
        folderOf({ 'compose.yml': `name: shop\nx-chaos: { entry: 'http://127.0.0.1:1' }\nservices:\n${services}` }),
      ]),
    );

  it('is what the compose file says, with the defaults of Swarm', () => {
    const { services } = spec(
      '  all:\n    image: a\n    deploy:\n      update_config:\n        { parallelism: 2, delay: 90s, failure_action: rollback, monitor: 1500ms, max_failure_ratio: 0.1, order: start-first }\n' +
        '  some: { image: a, deploy: { update_config: { delay: 1m } } }\n  none: { image: a }\n  built: { build: . }\n',
    );
    expect(services['all']?.update).to.deep.equal({
      parallelism: 2,
      delayMs: 90_000,
      failureAction: 'rollback',
      monitorMs: 1_500,
      maxFailureRatio: 0.1,
      order: 'start-first',
    });
    expect(services['some']?.update).to.deep.equal({
      parallelism: 1,
      delayMs: 60_000,
      failureAction: 'pause',
      monitorMs: 5_000,
      maxFailureRatio: 0,
      order: 'stop-first',
    });
    expect(services['none']).not.to.have.property('update');
    expect([services['none']?.image, services['built']?.image]).to.deep.equal(['a', 'shop-built']);
  });

  it('is as the specification says in the shipped topology', () => {
    const { topology } = read([join(ROOT, 'docker-compose.chaos.yml')]);
    expect(topology?.services['app']?.update).to.include({
      parallelism: 1,
      delayMs: 10_000,
      failureAction: 'rollback',
      order: 'start-first',
    });
  });
});

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

/** Returns the mistakes of an experiment with one fault on the shipped topology. */
function mistakesOf(fault: string, env: Readonly<Record<string, string>> = {}): string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'no-target-')), 'experiment.yaml');
  writeFileSync(
    file,
    `title: t\ntopology: ${ROOT}/docker-compose.chaos.yml\n` +
      `load: { workload: ${ROOT}/experiments/workloads/saturday.yaml, rate: 278/s }\n` +
      `phases: { baseline: 20s, fault: 30s, recovery: 20s }\nfaults:\n  - ${fault}\n` +
      'hypotheses:\n  - errors: { below: 1%, during: [recovery] }\n',
  );
  const { problems } = readExperiment({ file, overrides: [], ...known, env, compose });
  return problems.map((problem) => `${told(problem)} ${problem.message}`);
}

const NONE = { CHAOS_APP_REPLICAS: '0' };

describe('a fault that would hit nothing', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  for (const [fault, env, mistake] of [
    ['kill: { service: app }', NONE, 'CHAOS_NO_TARGET "app" has no container'],
    ['kill: { service: app, count: 1 }', NONE, 'CHAOS_NO_TARGET "app" has no container'],
    ['kill: { service: app, replica: 1 }', NONE, 'CHAOS_NO_TARGET "app" has no container'],
    ['kill: { service: app, all_but: 3 }', {}, 'CHAOS_NO_TARGET all but 3 of app, drawn by the seed'],
    ['cpu_limit: { service: app, cpus: 0.5 }', NONE, 'CHAOS_NO_TARGET "app" has no container'],
    ['partition_from: { service: redis, from: app }', NONE, 'CHAOS_NO_TARGET "app" has no container'],
    ['refuse: { link: app-to-redis }', NONE, 'CHAOS_NO_TARGET "app" has no container, so nobody uses the link'],
  ] as const) {
    it(`is refused: ${fault}${env === NONE ? ' without replicas' : ''} (case C11)`, () => {
      const [found = '', ...more] = mistakesOf(fault, env);
      expect(more).to.deep.equal([]);
      expect(found)
        .to.match(/^experiment\.yaml:6:\d+ /)
        .and.to.include(mistake);
      expect(mistakesOf(fault, { CHAOS_APP_REPLICAS: '4' }), 'with four replicas').to.deep.equal([]);
    });
  }
});

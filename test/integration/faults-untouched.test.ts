import { expect } from 'chai';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { parse } from 'yaml';
import { ROOT, chaos, runExperiment, summary } from '../helpers/chaos.ts';

const COMPOSE = join(ROOT, 'docker-compose.chaos.yml');

const declared = parse(readFileSync(COMPOSE, 'utf8'), { merge: true }) as { 'x-chaos': { links: object } };

/**
 * The app reaches Redis without Toxiproxy. The added link `wrong-proxy` names the worker's proxy for the app. Compose
 * takes the `x-chaos` block of the last file that has one, so this file repeats the rest of the block.
 */
const OVER = {
  services: { app: { environment: { REDIS_URL: 'redis://redis:6379' } } },
  'x-chaos': {
    ...declared['x-chaos'],
    links: {
      ...declared['x-chaos'].links,
      'wrong-proxy': {
        from: 'app',
        to: 'redis',
        proxy: 'worker-to-redis',
        listen: 'toxiproxy:6005',
        upstream: 'redis:6379',
        protocol: 'redis',
      },
    },
  },
};

const latency = (link: string) => ({ latency: { link, latency: '50ms' } });

describe('faults that touch nothing', function () {
  this.timeout(300_000);
  const dir = mkdtempSync(join(tmpdir(), 'untouched-'));
  const over = join(dir, 'round.yml');
  const file = join(dir, 'untouched.yaml');

  before(async () => {
    writeFileSync(over, JSON.stringify(OVER));
    const experiment = {
      title: 'A slow link is not felt',
      topology: [COMPOSE, over],
      load: { workload: join(ROOT, 'experiments/workloads/saturday.yaml'), rate: '60/s' },
      phases: { warmup: '1s', baseline: '4s', fault: '6s', recovery: '2s' },
      faults: ['app-to-redis', 'wrong-proxy', 'replication-from-a', 'replication-from-b'].map(latency),
      hypotheses: [{ acknowledged_writes: { lost: 0 } }],
    };
    writeFileSync(file, JSON.stringify(experiment));
    const up = await chaos(['topology', 'up', '--file', COMPOSE, '--file', over]);
    expect(up.code, up.stderr).to.equal(0);
  });

  it('are undone and make a run INCONCLUSIVE: on a bypassed link, a wrong proxy and an idle link', async () => {
    const document = await runExperiment([file]);
    const said = summary(document);
    expect(document, said).to.include({ verdict: 'INCONCLUSIVE', exit_code: 4, restored: true });
    const [round, wrong, ...replication] = document.faults;
    // Only one of the two nodes follows the other.
    const idle = replication.filter(({ effective }) => effective !== 'effective');
    expect(idle, said).to.have.length(1);
    for (const fault of [round, wrong, ...idle]) {
      expect(fault?.effective, said).to.equal('not effective');
      expect(fault?.evidence, said).to.include('no connection across this link');
    }
  });
});

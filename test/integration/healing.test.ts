import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANY_LATENCY, chaos, startChaos, summary, TEST_ENV } from '../helpers/chaos.ts';
import { drawn } from '../helpers/drawn.ts';
import { becomesEmpty, container, docker, leftovers } from '../helpers/docker.ts';

const EXPERIMENT = 'experiments/postgres-primary-loss.yaml';
/** Short phases and a small load: these tests are about the undo, and most begin on a topology that has just healed. */
const SHORT = [
  'phases.warmup=2s',
  'phases.baseline=4s',
  'phases.fault=30s',
  'phases.recovery=4s',
  'load.rate=60/s',
  ANY_LATENCY,
].flatMap((value) => ['--set', value]);
/** The product promises that there is no residue this long after the harness was killed. Milliseconds. */
const PROMISE_MS = 15_000;

interface Listed {
  readonly runs: readonly { readonly run: string; readonly verdict: string; readonly dir: string }[];
}

async function latest(): Promise<Listed['runs'][number]> {
  const { stdout } = await chaos(['list', '--json']);
  const [run] = (JSON.parse(stdout) as Listed).runs;
  if (run === undefined) throw new Error('no run is listed');
  return run;
}

const eventKinds = (dir: string): string[] =>
  readFileSync(join(dir, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { kind: string }).kind);

describe('the harness', function () {
  this.timeout(240_000);

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
  });

  for (const moment of drawn(['phase warmup', 'phase fault', 'fault kill-1 in force', 'phase heal'], 1)) {
    it(`leaves no residue and a closed record after kill -9 at "${moment}"`, async () => {
      // Only the moment "phase heal" comes after the end of the fault phase.
      const short = moment === 'phase heal' ? [...SHORT, '--set', 'phases.fault=8s'] : SHORT;
      const running = startChaos(['run', EXPERIMENT, ...short]);
      await running.said(moment);
      running.child.kill('SIGKILL');
      const { left, afterMs } = await becomesEmpty(leftovers, PROMISE_MS);
      expect(left, `after ${afterMs.toFixed(0)} ms`).to.deep.equal([]);
      await running.ended;
      const status = await becomesEmpty(
        async () => ((await chaos(['status', '--json'])).stdout.includes('"healthy": true') ? [] : ['not healthy']),
        60_000,
      );
      expect(status.left).to.deep.equal([]);
      // The guardian closes the record when the topology is healthy.
      await becomesEmpty(
        async () => ((await chaos(['status'])).stdout.includes('no run is at work') ? [] : ['at work']),
        30_000,
      );
      const run = await latest();
      expect(run.verdict).to.equal('INTERRUPTED');
      expect(eventKinds(run.dir)).to.include.members(['run.started', 'phase.started', 'interrupted', 'residue']);
    });
  }

  it('refuses a second run; after Ctrl-C it restores everything, writes the reports and exits with 130', async () => {
    const running = startChaos(['run', EXPERIMENT, ...SHORT, '--json']);
    await running.said('phase baseline');
    const second = await chaos(['run', EXPERIMENT, ...SHORT, '--json']);
    expect(second.code).to.equal(3);
    expect(JSON.parse(second.stdout)).to.have.nested.property('error.code', 'CHAOS_RUN_ACTIVE');
    await running.said('fault kill-1 in force');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).to.equal(130);
    expect(JSON.parse(stdout)).to.include({ verdict: 'INTERRUPTED', restored: true });
    expect(await leftovers()).to.deep.equal([]);
    const { dir } = await latest();
    expect(readdirSync(dir)).to.include.members(['report.html', 'junit.xml', 'summary.md', 'run.json']);
  });

  it('does not say PASS when nginx dies in the middle of the run', async () => {
    const running = startChaos([
      'run',
      'experiments/redis-loss.yaml',
      ...SHORT,
      '--set',
      'phases.fault=8s',
      '--set',
      'phases.heal=5s',
      '--json',
    ]);
    await running.said('phase fault');
    docker('kill', container('nginx'));
    const { stdout } = await running.ended;
    const document = JSON.parse(stdout) as Parameters<typeof summary>[0];
    await chaos(['heal']);
    expect(document.verdict, summary(document)).to.be.oneOf(['FAIL', 'INCONCLUSIVE', 'NOT RESTORED']);
    // So few requests can never make this run pass. But they can show that it failed.
    const failed = document.checks.filter(({ name, verdict }) => name === 'errors' && verdict === 'FAIL');
    expect(
      failed.flatMap(({ during }) => during),
      summary(document),
    ).to.include('fault');
  });

  for (const end of drawn(['SIGKILL', 'SIGTERM'] as const, 1)) {
    it(`leaves no container when its run started the topology and ${end} ends it`, async () => {
      await chaos(['topology', 'down']);
      const running = startChaos(['run', EXPERIMENT, ...SHORT]);
      await running.said('phase warmup');
      running.child.kill(end);
      const { code } = await running.ended;
      expect(code).to.equal(end === 'SIGTERM' ? 143 : null);
      const containers = async (): Promise<string[]> =>
        docker(
          'ps',
          '-a',
          '--filter',
          `label=com.docker.compose.project=${TEST_ENV['CHAOS_PROJECT']}`,
          '--format',
          '{{.Names}}',
        )
          .split('\n')
          .filter((line) => line !== '');
      const { left } = await becomesEmpty(containers, PROMISE_MS);
      expect(left).to.deep.equal([]);
    });
  }
});

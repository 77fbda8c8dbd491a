import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { before, describe, it } from 'mocha';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { ANY_LATENCY, chaos, startChaos, summary } from '../helpers/chaos.ts';
import { leftovers } from '../helpers/docker.ts';

const WHY =
  'skipped: it restarts the Docker engine, which ends every container of this machine; CHAOS_TEST_ENGINE=1 runs it';
/** The shell command that restarts the engine on this machine. */
const RESTART = process.env['CHAOS_TEST_ENGINE_RESTART'] ?? 'systemctl restart docker || service docker restart';

describe('a run during which the engine restarts', function () {
  this.timeout(300_000);

  before(async function () {
    if (process.env['CHAOS_TEST_ENGINE'] !== '1') {
      process.stderr.write(`${WHY}\n`);
      this.skip();
    }
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
  });

  it('never passes, names what is left with commands to undo it, and is repaired by chaos heal', async () => {
    const running = startChaos([
      'run',
      'experiments/app-replica-kill.yaml',
      '--json',
      ...[
        'phases.warmup=2s',
        'phases.baseline=4s',
        'phases.fault=20s',
        'phases.heal=60s',
        'load.rate=60/s',
        ANY_LATENCY,
      ].flatMap((value) => ['--set', value]),
    ]);
    await running.said('fault kill-1 in force');
    execFileSync('sh', ['-c', RESTART], { stdio: 'ignore' });
    const { stdout, stderr } = await running.ended;
    expect(stdout, stderr).to.match(/^\{/);
    const document = JSON.parse(stdout) as RunDocument;
    expect(document.verdict, summary(document)).not.to.equal('PASS');
    if (document.restored) expect(await leftovers()).to.deep.equal([]);
    else for (const residue of document.residue) expect(residue.how_to_undo, residue.target).to.match(/\S/);
    const healed = await chaos(['heal']);
    expect(healed.code, healed.stdout + healed.stderr).to.equal(0);
    expect(await leftovers()).to.deep.equal([]);
  });
});

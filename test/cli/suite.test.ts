import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { commandLine } from './world.ts';

const cli = commandLine(process.env);
const SMOKE = join(ROOT, 'experiments', 'suites', 'smoke.yaml');

describe('chaos suite', () => {
  it('--plan says what would run and how long it takes, and touches nothing', async () => {
    const { code, stdout } = await cli.run('suite', SMOKE, '--plan');
    expect(code).to.equal(0);
    expect(stdout).to.include('  1  app-replica-kill');
    expect(stdout).to.match(/2 experiments; their phases take 5 min 10 s at most, and 10 min 00 s are there/);
  });

  it('--plan --json prints one document', async () => {
    const { code, stdout } = await cli.run('suite', SMOKE, '--plan', '--json');
    expect(code).to.equal(0);
    const document = JSON.parse(stdout) as { readonly longest_s: number; readonly budget_s: number };
    // Otherwise the suite could never run to its end.
    expect(document.longest_s).to.be.at.most(document.budget_s);
  });

  it('names a file that is not there, and a suite that is not there', async () => {
    expect((await cli.run('suite', '/nowhere.yaml', '--plan')).code).to.equal(2);
    const { code, stderr } = await cli.run('suite', SMOKE, '--resume', 'nothing', '--reports', '/nowhere');
    expect(code).to.equal(2);
    expect(stderr).to.include('CHAOS_NO_RUN');
  });
});

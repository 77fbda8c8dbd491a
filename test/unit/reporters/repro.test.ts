import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import repro from '../../../harness/reporters/repro.ts';
import { hostileRun } from '../../helpers/samples/hostile.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

/** Runs the script with a harness that only prints its arguments, each in angle brackets on its own line. */
function run(script: string): string {
  const root = mkdtempSync(join(tmpdir(), 'repro-'));
  mkdirSync(join(root, 'harness'));
  mkdirSync(join(root, 'reports', 'r1'), { recursive: true });
  writeFileSync(join(root, 'harness', 'chaos'), `#!/bin/sh\nprintf '<%s>\\n' "$@"\n`);
  writeFileSync(join(root, 'reports', 'r1', 'repro.sh'), script);
  chmodSync(join(root, 'harness', 'chaos'), 0o755);
  return execFileSync('sh', [join(root, 'reports', 'r1', 'repro.sh')], { encoding: 'utf8' });
}

describe('repro.sh', () => {
  it('runs the same experiment file with the same overrides and the same seed', () => {
    expect(run(repro.render(sampleRun()))).to.equal(
      '<run>\n<experiments/postgres-primary-loss.yaml>\n<--seed>\n<42>\n<--set>\n<phases.baseline=20s>\n',
    );
  });

  it('runs no text of a run as a command', () => {
    const said = run(repro.render(hostileRun()));
    expect(said).to.include('$(id)').and.to.include('<script>alert(1)</script>');
    expect(said).not.to.include('uid=');
  });
});

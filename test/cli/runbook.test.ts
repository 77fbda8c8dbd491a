import { expect } from 'chai';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { commandLine } from './world.ts';

describe('chaos runbook', function () {
  // A hang guard: Compose is asked for the topology.
  this.timeout(60_000);

  it('lint finds no mistake in the runbooks that ship', async () => {
    const { code, stdout } = await commandLine({}, ROOT).run('runbook', 'lint');
    expect([code, stdout]).to.deep.equal([0, '4 runbooks without a mistake\n']);
  });

  it('walk prints each command with its place, and touches nothing without --do', async () => {
    const { code, stdout } = await commandLine({}, ROOT).run('runbook', 'walk', 'table-locked');
    expect(code).to.equal(0);
    expect(stdout).to.include('  who-blocks (in primary of postgres; only looks; prints ');
  });

  it('validate and lint are bad input where there is no runbook: nothing is proven then', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'no-runbooks-'));
    mkdirSync(join(empty, 'runbooks'));
    writeFileSync(join(empty, 'runbooks', 'README.md'), '# Runbooks\n');
    for (const verb of ['validate', 'lint']) {
      const said = await commandLine({}, undefined, empty).run('runbook', verb, '--json');
      expect(said.code).to.equal(2);
      expect(said.json()).to.have.nested.property('error.code', 'CHAOS_RUNBOOK_UNKNOWN');
    }
  });
});

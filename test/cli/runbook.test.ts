import { expect } from 'chai';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../harness/disk/process-id.ts';
import { ROOT } from '../helpers/chaos.ts';
import { type CommandLine, commandLine } from './world.ts';

describe('chaos runbook', function () {
  // A hang guard: Compose is asked for the topology.
  this.timeout(60_000);

  it('lint finds no mistake in the runbooks that ship', async () => {
    const { code, stdout, stderr } = await commandLine({}, ROOT).run('runbook', 'lint');
    expect([code, stdout], stderr).to.deep.equal([
      0,
      '18 runbooks without a mistake; 19 of 25 alert rules lead to one\n',
    ]);
  });

  it('walk prints each command with its place, and touches nothing without --do', async () => {
    const { code, stdout } = await commandLine({}, ROOT).run('runbook', 'walk', 'table-locked');
    expect(code).to.equal(0);
    expect(stdout).to.include('  who-blocks (in primary of postgres; only looks; prints ');
  });

  it('walk --do carries nothing out while a run is at work, and says who is', async () => {
    const asked: string[] = [];
    const cli = commandLine({}, ROOT, ROOT, async (question) => {
      asked.push(question);
      return '';
    });
    const { lock } = await cli.places('chaos');
    const claim = lock.acquire({
      doing: 'session',
      run: '20261130T100000Z-redis-loss-3f9a',
      dir: undefined,
      place: '/clones/a',
      since: '2026-11-30T10:00:00Z',
      runner: processId(process.pid),
      guardian: undefined,
    });
    const said = await cli.run('runbook', 'walk', 'redis-full', '--do');
    expect(said.code, said.stderr).to.equal(3);
    expect(said.stderr).to.include('CHAOS_RUNBOOK_HELD').and.to.include('redis-loss-3f9a, from /clones/a');
    expect(asked).to.deep.equal([]);
    lock.release(claim);
  });

  it('walk --do holds the topology until the person leaves, and then gives it back', async () => {
    const seen: string[] = [];
    const cli: CommandLine = commandLine({}, ROOT, ROOT, async () => {
      const state = (await cli.places('chaos')).lock.read();
      seen.push(state.state === 'running' ? state.holder.doing : state.state);
      return 'q';
    });
    const said = await cli.run('runbook', 'walk', 'redis-full', '--do');
    expect(said.code, said.stderr).to.equal(0);
    expect(seen).to.deep.equal(['runbook walk']);
    expect((await cli.places('chaos')).lock.read().state).to.equal('free');
  });

  it('validate refuses a budget that is no time, and a seed that is none, before anything is started', async () => {
    for (const [flag, value] of [
      ['--within', 'soon'],
      ['--within', '0s'],
      ['--seed', '1.5'],
    ] as const) {
      const said = await commandLine({}, ROOT).run('runbook', 'validate', 'redis-full', flag, value);
      expect(said.code, said.stderr).to.equal(2);
      expect(said.stderr).to.include('CHAOS_USAGE').and.to.include(`${flag} ${value}`);
    }
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

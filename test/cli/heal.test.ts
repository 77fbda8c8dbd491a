import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../harness/core/process-id.ts';
import { lockOf } from '../../harness/main.ts';
import { ROOT } from '../helpers/chaos.ts';
import { writeEvents } from '../helpers/sample-folder.ts';
import { sampleHistory, SMALL_PLAN } from '../helpers/sample-history.ts';
import { commandLine } from './world.ts';

const COMPOSE = join(ROOT, 'docker-compose.chaos.yml');
const RUN = '20261124T043000Z-postgres-primary-loss-3f9a';

/** A command line beside the record of a dead run on the topology "chaos". */
function setUp(env: Readonly<Record<string, string>> = {}) {
  const cli = commandLine(env);
  const dir = join(cli.root, 'reports', RUN);
  mkdirSync(dir, { recursive: true });
  const topology = { ...SMALL_PLAN.topology, files: [COMPOSE] };
  writeEvents(dir, sampleHistory({ phases: ['warmup'], plan: { topology } }).events);
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ run: RUN, title: 't', started: '2026-11-24T04:30:00.000Z' }));
  return { cli, dir };
}

const codeOf = (document: unknown): string => (document as { error: { code: string } }).error.code;

describe('chaos heal RUN', function () {
  this.timeout(20_000);

  it('a run that does not exist: exit 2, nothing is touched', async () => {
    const said = await setUp().cli.run('heal', 'ffff', '--file', COMPOSE, '--json');
    expect(said.code).to.equal(2);
    expect(codeOf(said.json())).to.equal('CHAOS_NO_RUN');
  });

  it('a run on another topology than the environment means: exit 2, with what to set', async () => {
    const { cli } = setUp({ CHAOS_PROJECT: 'other' });
    const said = await cli.run('heal', '3f9a', '--file', COMPOSE, '--json');
    expect(said.code).to.equal(2);
    expect(codeOf(said.json())).to.equal('CHAOS_OTHER_TOPOLOGY');
    expect(said.stdout).to.include('CHAOS_PROJECT=chaos');
  });

  it('not while a run is at work, and the way to end that one', async () => {
    const { cli, dir } = setUp();
    const runner = processId(process.pid);
    lockOf(cli.root, 'chaos').acquire({ run: 'r2', dir, since: '', runner, guardian: undefined });
    const said = await cli.run('heal', '3f9a', '--file', COMPOSE, '--json');
    expect(said.code).to.equal(3);
    expect(codeOf(said.json())).to.equal('CHAOS_RUN_ACTIVE');
    expect(said.stdout).to.include('chaos abort');
  });
});

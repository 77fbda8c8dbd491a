import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../harness/disk/process-id.ts';
import { ROOT } from '../helpers/chaos.ts';
import { writeEvents } from '../helpers/samples/folder.ts';
import { sampleHistory, SMALL_PLAN } from '../helpers/samples/history.ts';
import { commandLine } from './world.ts';

const COMPOSE = join(ROOT, 'docker-compose.chaos.yml');
const RUN = '20261124T043000Z-postgres-primary-loss-3f9a';

/** Makes a command line, and the record of a dead run on the topology "chaos". */
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

  it('exits with 2 when the run does not exist', async () => {
    const said = await setUp().cli.run('heal', 'ffff', '--file', COMPOSE, '--json');
    expect(said.code).to.equal(2);
    expect(codeOf(said.json())).to.equal('CHAOS_NO_RUN');
  });

  it('exits with 2 when the environment names another topology than the run had, and says what to set', async () => {
    const { cli } = setUp({ CHAOS_PROJECT: 'other' });
    const said = await cli.run('heal', '3f9a', '--file', COMPOSE, '--json');
    expect(said.code).to.equal(2);
    expect(codeOf(said.json())).to.equal('CHAOS_OTHER_TOPOLOGY');
    expect(said.stdout).to.include('CHAOS_PROJECT=chaos');
  });

  it('finds a run below a relative CHAOS_REPORTS, which counts from the checkout (case H9)', async () => {
    const { cli } = setUp({ CHAOS_PROJECT: 'other', CHAOS_REPORTS: 'reports' });
    const said = await cli.run('heal', '3f9a', '--file', COMPOSE, '--json');
    expect(codeOf(said.json())).to.equal('CHAOS_OTHER_TOPOLOGY');
  });

  it('exits with 3 while a run is at work, and says how to end that run', async () => {
    const { cli, dir } = setUp();
    const runner = processId(process.pid);
    const { lock } = await cli.places('chaos');
    const since = new Date().toISOString();
    const doing = 'session';
    lock.acquire({ doing, run: 'r2', dir, place: '/clones/a', since, runner, guardian: undefined });
    const said = await cli.run('heal', '3f9a', '--file', COMPOSE, '--json');
    expect(said.code).to.equal(3);
    expect(codeOf(said.json())).to.equal('CHAOS_RUN_ACTIVE');
    expect(said.stdout).to.include('chaos abort');
  });
});

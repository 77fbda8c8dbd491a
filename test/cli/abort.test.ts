import { expect } from 'chai';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { processId } from '../../harness/disk/process-id.ts';
import { SMALL_PLAN } from '../helpers/samples/history.ts';
import { type CommandLine, commandLine } from './world.ts';

const RUN = '20261124T043000Z-redis-loss-3f9a';
const DEAD = { pid: process.pid, started: '1' };
const HOLDER = { doing: 'session', place: '/clones/a', since: '2026-11-24T04:30:00Z', guardian: undefined } as const;

/**
 * Holds the lock as a run at work does. `ends` plays the end of this run: it waits for the order, writes a verdict,
 * releases the lock and returns the order.
 */
async function setUp(runner = processId(process.pid)) {
  const cli: CommandLine = commandLine();
  const { lock, stop } = await cli.places('chaos');
  const dir = join(cli.root, 'reports', RUN);
  mkdirSync(dir, { recursive: true });
  const claim = lock.acquire({ ...HOLDER, run: RUN, dir, runner });
  const file = stop.path;
  const ends = async (verdict: string): Promise<unknown> => {
    while (!existsSync(file)) await delay(10);
    const order: unknown = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ run: RUN, title: 't', started: '', verdict }));
    lock.release(claim);
    return order;
  };
  return { cli, dir, file, ends };
}

describe('chaos abort', function () {
  // A hang guard.
  this.timeout(20_000);

  it('ends the run at work, waits for its end, and leaves no stop file behind', async () => {
    const { cli, file, ends } = await setUp();
    const [said, order] = await Promise.all([cli.run('abort', '--project', 'chaos', '--json'), ends('ABORTED')]);
    expect(order).to.include({ run: RUN });
    expect(said.code).to.equal(0);
    expect(said.json()).to.deep.equal({
      schema_version: 1,
      restored: true,
      runs: [{ run: RUN, state: 'aborted' }],
      stop_file: null,
    });
    expect(existsSync(file)).to.equal(false);
  });

  it('exits with 6 when the run is NOT RESTORED', async () => {
    const { cli, ends } = await setUp();
    const [said] = await Promise.all([cli.run('abort', '--project', 'chaos'), ends('NOT RESTORED')]);
    expect(said.code).to.equal(6);
    expect(said.stdout).to.equal(`${RUN}: not restored\n`);
  });

  it('exits with 6 when the run and its guardian die before everything is put back', async () => {
    const { cli, dir, ends } = await setUp();
    const { notes } = await cli.places('chaos');
    notes.begin({ run: RUN, dir, topology: SMALL_PLAN.topology, env: {} });
    const [said] = await Promise.all([cli.run('abort', '--project', 'chaos'), ends('INTERRUPTED')]);
    expect(said.code).to.equal(6);
    expect(said.stdout).to.equal(`${RUN}: left behind by a dead run: \`chaos heal\`\n`);
  });

  it('keeps the stop file with --hold: a new run exits with 3, and says how to remove the file', async () => {
    const { cli, file, ends } = await setUp();
    const [said, order] = await Promise.all([cli.run('abort', '--project', 'chaos', '--hold'), ends('ABORTED')]);
    expect(order).not.to.have.property('run');
    expect(said.stdout).to.include(`rm ${file}`);
    expect(existsSync(file)).to.equal(true);
    const refused = await cli.run('run', 'experiments/redis-loss.yaml', '--json');
    expect(refused.code).to.equal(3);
    const { error } = refused.json() as { error: { code: string; hint: string } };
    expect(error.code).to.equal('CHAOS_STOPPED');
    expect(error.hint).to.include(`rm ${file}`);
    // A later abort does not remove a stop file that a person wanted to keep.
    const again = await cli.run('abort', '--project', 'chaos', '--json');
    expect(again.json()).to.include({ restored: true, stop_file: file });
  });

  it('returns at once with --no-wait, and says when no run is at work or the run is dead', async () => {
    const { cli, file } = await setUp();
    const said = await cli.run('abort', '--project', 'chaos', '--no-wait', '--json');
    expect(said.json()).to.deep.include({ runs: [{ run: RUN, state: 'aborting' }], stop_file: null });
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.include({ run: RUN });
    const none = await commandLine().run('abort', '--project', 'chaos');
    expect(none).to.include({ code: 0, stdout: 'no run is at work\n' });
    const { cli: other, dir } = await setUp(DEAD);
    const { notes } = await other.places('chaos');
    notes.begin({ run: RUN, dir, topology: SMALL_PLAN.topology, env: {} });
    const dead = await other.run('abort', '--project', 'chaos');
    expect(dead.code).to.equal(6);
    expect(dead.stdout).to.include('chaos heal');
  });
});

import { expect } from 'chai';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { processId } from '../../harness/core/process-id.ts';
import { lockOf } from '../../harness/main.ts';
import { type CommandLine, commandLine } from './world.ts';

const RUN = '20261124T043000Z-redis-loss-3f9a';
const DEAD = { pid: process.pid, started: '1' };

/** A run at work by its lock; `ends` plays its end: it sees the order, writes its verdict and lets go. */
function setUp(runner = processId(process.pid)) {
  const cli: CommandLine = commandLine();
  const lock = lockOf(cli.root, 'chaos');
  const dir = join(cli.root, 'reports', RUN);
  mkdirSync(dir, { recursive: true });
  lock.acquire({ run: RUN, dir, since: '2026-11-24T04:30:00Z', runner, guardian: undefined });
  const file = join(cli.root, '.chaos', 'chaos.stop');
  const ends = async (verdict: string): Promise<unknown> => {
    while (!existsSync(file)) await delay(10);
    const order: unknown = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ run: RUN, title: 't', started: '', verdict }));
    lock.release();
    return order;
  };
  return { cli, file, ends };
}

describe('chaos abort', function () {
  // A hang guard.
  this.timeout(20_000);

  it('ends the run that is at work, waits for its end, and leaves no kill switch behind', async () => {
    const { cli, file, ends } = setUp();
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

  it('a run that could not put everything back: exit 6', async () => {
    const { cli, ends } = setUp();
    const [said] = await Promise.all([cli.run('abort', '--project', 'chaos'), ends('NOT RESTORED')]);
    expect(said.code).to.equal(6);
    expect(said.stdout).to.equal(`${RUN}: not restored\n`);
  });

  it('--hold: the switch stays on, and a run refuses to start, exit 3, with the way to switch it off', async () => {
    const { cli, file, ends } = setUp();
    const [said, order] = await Promise.all([cli.run('abort', '--project', 'chaos', '--hold'), ends('ABORTED')]);
    expect(order).not.to.have.property('run');
    expect(said.stdout).to.include(`rm ${file}`);
    expect(existsSync(file)).to.equal(true);
    const refused = await cli.run('run', 'experiments/redis-loss.yaml', '--json');
    expect(refused.code).to.equal(3);
    const { error } = refused.json() as { error: { code: string; hint: string } };
    expect(error.code).to.equal('CHAOS_STOPPED');
    expect(error.hint).to.include(`rm ${file}`);
    // A later abort does not switch off what somebody wanted to stay.
    const again = await cli.run('abort', '--project', 'chaos', '--json');
    expect(again.json()).to.include({ restored: true, stop_file: file });
  });

  it('--no-wait answers at once; no run, and a dead one, are told', async () => {
    const { cli, file } = setUp();
    const said = await cli.run('abort', '--project', 'chaos', '--no-wait', '--json');
    expect(said.json()).to.deep.include({ runs: [{ run: RUN, state: 'aborting' }], stop_file: null });
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.include({ run: RUN });
    const none = await commandLine().run('abort', '--project', 'chaos');
    expect(none).to.include({ code: 0, stdout: 'no run is at work\n' });
    const dead = await setUp(DEAD).cli.run('abort', '--project', 'chaos');
    expect(dead.code).to.equal(6);
    expect(dead.stdout).to.include('chaos heal');
  });
});

import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { readEvents } from '../../harness/record/event-log.ts';
import { ANY_LATENCY, type Calling, chaos, type Ended, PLANTED, startChaos } from '../helpers/chaos.ts';
import { cloneInto } from '../helpers/clone.ts';
import { container, leftovers } from '../helpers/docker.ts';
import { placesOfTests } from '../helpers/places.ts';

const LOSS = 'experiments/app-replica-kill.yaml';
const SHORT = [
  'phases.warmup=1s',
  'phases.baseline=4s',
  'phases.fault=600s',
  'phases.recovery=2s',
  'load.rate=60/s',
  ANY_LATENCY,
].flatMap((value) => ['--set', value]);
/** As some people have it. A part of a path that is its value would make every path unreadable. */
const ENV = { SECRET_DIR: '/' };

describe('two checkouts of one topology, one in a folder that is called like the password of the database', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'clones-'));
  const work = join(folder, PLANTED.database);
  let own: Calling;
  let other: Calling;

  before(async () => {
    own = { cwd: work, checkout: cloneInto(join(work, 'clone')) };
    other = { cwd: folder, checkout: cloneInto(join(folder, 'other')) };
    mkdirSync(join(work, 'elsewhere'));
    const up = await chaos(['topology', 'up'], ENV, own);
    expect(up.code, up.stderr).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const codeOf = ({ stdout, stderr }: Ended): string => {
    expect(stdout, stderr).to.match(/^\{/);
    return (JSON.parse(stdout) as { error: { code: string } }).error.code;
  };

  it('are one to the lock, and to the healing of a run that was killed with its guardian (cases H3, H5, H9)', async () => {
    const running = startChaos(['run', join(own.checkout, LOSS), ...SHORT, '--reports', 'out'], ENV, own);
    await running.said('fault kill-1 in force');
    const { lock, notes } = await placesOfTests();

    for (const command of [['heal'], ['run', join(other.checkout, LOSS), ...SHORT]]) {
      const refused = await chaos([...command, '--json'], ENV, other);
      expect([refused.code, codeOf(refused)], command[0]).to.deep.equal([3, 'CHAOS_RUN_ACTIVE']);
    }
    for (const command of [
      ['topology', 'down'],
      ['topology', 'down', '--all'],
      ['topology', 'up'],
    ]) {
      const refused = await chaos(command, ENV, other);
      expect(refused.code, command.join(' ')).to.equal(3);
      // The holder is named: its run, its checkout (masked for people), its process and its age.
      expect(refused.stderr).to.match(
        /CHAOS_RUN_ACTIVE.*in use by run \S+-app-replica-kill-\S+, from \S+\/\*\*\*\/clone/,
      );
      expect(refused.stderr).to.match(/\(process \d+, for \d+/);
    }
    const status = await chaos(['status', '--json'], ENV, other);
    expect((JSON.parse(status.stdout) as { runs: unknown[] }).runs).to.have.length(1);
    expect(await leftovers(), 'nobody took the fault away').to.include(`${container('app', 2)} is exited`);

    const state = lock.read();
    if (state.state !== 'running') throw new Error('no run is at work');
    const { guardian, dir = '', run } = state.holder;
    expect(dir).to.include(join(work, 'out'));
    process.kill(running.child.pid ?? NaN, 'SIGSTOP');
    process.kill(guardian?.pid ?? NaN, 'SIGKILL');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(notes.all().map((one) => one.run)).to.deep.equal([run]);
    const healed = await chaos(['heal', '--json'], ENV, { ...other, cwd: join(work, 'elsewhere') });
    expect(healed.code, healed.stderr).to.equal(0);
    expect(JSON.parse(healed.stdout)).to.deep.include({ restored: true, runs: [{ run, state: 'healed' }] });
    expect(await leftovers()).to.deep.equal([]);
    expect(notes.all()).to.deep.equal([]);
    expect(lock.read().state).to.equal('free');
    const events = readEvents(dir);
    expect(events.filter((event) => event.kind === 'undo.done')).to.have.lengthOf.at.least(1);
    expect(events.at(-1)).to.deep.include({ kind: 'residue', residue: [], healthy: true });
  });

  it('is ended by chaos abort from the other one, and everything is put back (case H5)', async () => {
    const running = startChaos(['run', join(own.checkout, LOSS), ...SHORT, '--reports', 'out', '--json'], ENV, own);
    await running.said('fault kill-1 in force');
    const aborted = await chaos(['abort', '--json'], ENV, other);
    expect(aborted.code, aborted.stderr).to.equal(0);
    const { stdout } = await running.ended;
    expect(JSON.parse(stdout)).to.include({ verdict: 'ABORTED', exit_code: 5, restored: true });
    expect(await leftovers()).to.deep.equal([]);
  });
});

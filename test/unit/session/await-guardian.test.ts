import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../../harness/disk/process-id.ts';
import { awaitGuardian } from '../../../harness/session/await-guardian.ts';
import { TopologyLock } from '../../../harness/session/topology-lock.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';

const HOLDER = { doing: 'session', run: 'r1', dir: '', place: '/clones/a', since: '', guardian: undefined } as const;
const dead = { pid: process.pid, started: '1' };

/** The lock of a dead run. Its guardian is a child process of this test. */
function healing() {
  const child = spawn('sleep', ['60']);
  const lock = new TopologyLock(join(mkdtempSync(join(tmpdir(), 'lock-')), 'chaos.lock'));
  const guardian = processId(child.pid ?? 0);
  const claim = lock.acquire({ ...HOLDER, dir: '/reports/r1', runner: dead, guardian });
  const said: string[] = [];
  return { child, lock, claim, said, clock: new ManualClock() };
}

describe('the wait for the guardian of a dead run', () => {
  it('ends when the guardian has released the topology', async () => {
    const { child, lock, claim, said, clock } = healing();
    const waiting = awaitGuardian(lock, clock, (text) => said.push(text));
    await clock.advance(60_000);
    lock.release(claim);
    expect((await clock.through(waiting)).state).to.equal('free');
    expect(said).to.deep.equal(['waiting: the guardian of run r1 is putting everything back']);
    expect(child.kill()).to.equal(true);
  });

  it('kills a frozen guardian after 90 s, so that somebody else may heal what the run left', async () => {
    const { child, lock, said, clock } = healing();
    child.kill('SIGSTOP');
    const waiting = awaitGuardian(lock, clock, (text) => said.push(text));
    await clock.advance(89_000);
    expect(said).to.have.length(1);
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    await clock.advance(2_000);
    expect(await ended).to.equal('SIGKILL');
    expect((await clock.through(waiting)).state).to.equal('left');
    expect(said.at(-1)).to.equal('the guardian of run r1 has not finished within 90 s, so it is killed');
  });

  it('ends at once when the run lives, or when nobody holds the topology', async () => {
    const lock = new TopologyLock(join(mkdtempSync(join(tmpdir(), 'lock-')), 'chaos.lock'));
    const clock = new ManualClock();
    const silent = (): void => undefined;
    expect((await awaitGuardian(lock, clock, silent)).state).to.equal('free');
    lock.acquire({ ...HOLDER, runner: processId(process.pid) });
    expect((await awaitGuardian(lock, clock, silent)).state).to.equal('running');
  });
});

import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../../harness/core/process-id.ts';
import { awaitGuardian } from '../../../harness/engine/await-guardian.ts';
import { Lock } from '../../../harness/engine/lock.ts';
import { ManualClock } from '../../helpers/clock.ts';

const dead = { pid: process.pid, started: '1' };

/** The lock of a dead run whose guardian is a process of ours. */
function healing() {
  const child = spawn('sleep', ['60']);
  const lock = new Lock(join(mkdtempSync(join(tmpdir(), 'lock-')), 'chaos.lock'));
  const guardian = processId(child.pid ?? 0);
  lock.acquire({ run: 'r1', dir: '/reports/r1', since: '', runner: dead, guardian });
  const said: string[] = [];
  return { child, lock, said, clock: new ManualClock() };
}

describe('waiting for the guardian of a dead run', () => {
  it('ends when the guardian has let go of the topology', async () => {
    const { child, lock, said, clock } = healing();
    const waiting = awaitGuardian(lock, clock, (text) => said.push(text));
    await clock.advance(60_000);
    lock.release();
    expect((await clock.through(waiting)).state).to.equal('free');
    expect(said).to.deep.equal(['waiting: the guardian of run r1 is putting everything back']);
    expect(child.kill()).to.equal(true);
  });

  it("ends a guardian that is frozen after 90 s: what the run left is anybody's to heal", async () => {
    const { child, lock, said, clock } = healing();
    child.kill('SIGSTOP');
    const waiting = awaitGuardian(lock, clock, (text) => said.push(text));
    await clock.advance(89_000);
    expect(said).to.have.length(1);
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    await clock.advance(2_000);
    expect(await ended).to.equal('SIGKILL');
    expect((await clock.through(waiting)).state).to.equal('left');
    expect(said.at(-1)).to.equal('the guardian of run r1 has not come to its end in 90 s: it is ended');
  });

  it('waits for nobody where the run lives, or nobody is there', async () => {
    const lock = new Lock(join(mkdtempSync(join(tmpdir(), 'lock-')), 'chaos.lock'));
    const clock = new ManualClock();
    const silent = (): void => undefined;
    expect((await awaitGuardian(lock, clock, silent)).state).to.equal('free');
    lock.acquire({ run: 'r1', dir: '', since: '', runner: processId(process.pid), guardian: undefined });
    expect((await awaitGuardian(lock, clock, silent)).state).to.equal('running');
  });
});

import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { Lock } from '../../../harness/engine/lock.ts';
import { isAlive, processId } from '../../../harness/core/process-id.ts';

const lockFile = (): Lock => new Lock(join(mkdtempSync(join(tmpdir(), 'lock-')), '.chaos', 'chaos.lock'));
const holder = {
  run: 'r1',
  dir: '/reports/r1',
  since: '2026-06-06T10:00:00Z',
  runner: processId(process.pid),
  guardian: undefined,
};
const dead = { pid: process.pid, started: '1' };

describe('the lock', () => {
  it('is free, then held; a second is told who holds it', () => {
    const lock = lockFile();
    expect(lock.read().state).to.equal('free');
    lock.acquire(holder);
    expect(lock.read().state).to.equal('running');
    expect(() => lock.acquire({ ...holder, run: 'r2' })).to.throw(/in use by run r1 \(process \d+, since 2026/);
    lock.release();
    expect(lock.read().state).to.equal('free');
  });

  it('tells a dead runner with a living guardian from one with a dead guardian', () => {
    const lock = lockFile();
    lock.acquire({ ...holder, runner: dead, guardian: processId(process.pid) });
    expect(lock.read().state).to.equal('healing');
    lock.update({ ...holder, runner: dead, guardian: dead });
    expect(lock.read().state).to.equal('left');
  });

  it('is not fooled by a later process with the same number', () => {
    expect(isAlive(processId(process.pid))).to.equal(true);
    expect(isAlive(dead)).to.equal(false);
  });
});

import { expect } from 'chai';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { isAlive, processId } from '../../../harness/disk/process-id.ts';
import { describeHolder, type LockHolder, nameOf, TopologyLock } from '../../../harness/session/topology-lock.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const lockOf = (): TopologyLock => new TopologyLock(join(temporaryFolder(), 'lock'));
const holder: LockHolder = {
  doing: 'session',
  run: 'r1',
  dir: '/reports/r1',
  place: '/clones/a',
  since: new Date().toISOString(),
  runner: processId(process.pid),
  guardian: undefined,
};
const dead = { pid: process.pid, started: '1' };

describe('the lock of a topology', () => {
  it('is free until a run takes it, and then tells a second run who holds it, from where, and for how long', () => {
    const lock = lockOf();
    expect(lock.read().state).to.equal('free');
    const claim = lock.acquire(holder);
    expect(lock.read().state).to.equal('running');
    expect(() => lock.acquire({ ...holder, run: 'r2' })).to.throw(
      /in use by run r1, from \/clones\/a \(process \d+, for \d/,
    );
    lock.release(claim);
    expect(lock.read().state).to.equal('free');
  });

  it('names a session, or the command that holds it', () => {
    expect(nameOf({ doing: 'session', run: undefined })).to.equal('a session');
    expect(nameOf({ doing: 'topology down', run: undefined })).to.equal('`chaos topology down`');
    const since = new Date(Date.now() - 185_000).toISOString();
    expect(describeHolder({ ...holder, since })).to.match(/for 3 min 0\d s\)$/);
  });

  it('distinguishes a dead run whose guardian lives from a dead run whose guardian is dead', () => {
    const lock = lockOf();
    const claim = lock.acquire({ ...holder, runner: dead, guardian: processId(process.pid) });
    expect(lock.read().state).to.equal('healing');
    expect(() => lock.acquire(holder)).to.throw('in use by run r1');
    lock.update(claim, { ...holder, runner: dead, guardian: dead });
    expect(lock.read().state).to.equal('left');
  });

  it('is not held by a later process with the same process number', () => {
    expect(isAlive(processId(process.pid))).to.equal(true);
    expect(isAlive(dead)).to.equal(false);
  });

  for (const [what, text] of [
    ['is empty', ''],
    ['is cut off', '{"doing":"session","run":"r1","run'],
    ['is no object', 'null'],
    ['names no process', '{"doing":"session","run":"r1"}'],
  ] as const) {
    it(`is taken over, once, when its claim ${what}: a crash has left it (case H4)`, () => {
      const lock = lockOf();
      mkdirSync(lock.path);
      writeFileSync(join(lock.path, '7'), text);
      expect(lock.read()).to.deep.equal({ state: 'left', holder: undefined, claim: 7 });
      const claim = lock.acquire(holder);
      expect(() => lock.acquire(holder)).to.throw('in use by run r1');
      lock.release(claim);
      expect(lock.read().state).to.equal('free');
    });
  }

  it('is readable by its owner alone (case H3)', () => {
    const lock = lockOf();
    lock.acquire(holder);
    for (const name of readdirSync(lock.path)) expect(statSync(join(lock.path, name)).mode & 0o077, name).to.equal(0);
  });
});

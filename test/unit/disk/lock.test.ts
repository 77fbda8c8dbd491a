import { execFile, execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { expect } from 'chai';
import { systemClock } from '../../../harness/core/clock.ts';
import { holdLock, Lock } from '../../../harness/disk/lock.ts';
import { isProcessId, type ProcessId } from '../../../harness/disk/process-id.ts';
import { race } from '../../helpers/race/race.ts';

const run = promisify(execFile);
const isText = (value: unknown): value is string => typeof value === 'string';
const here = (path: string): string => JSON.stringify(new URL(`../../../harness/${path}`, import.meta.url).href);

describe('a lock on disk', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'chaos-lock-'));
    path = join(dir, 'below', 'lock');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const busy = (holder: ProcessId | undefined): Error => new Error(`held by ${holder?.pid}`);
  const hold = (waitMs: number): Promise<Disposable> => holdLock(path, { waitMs, clock: systemClock, busy });

  it('keeps others out while it is held, and lets them in afterwards', async () => {
    const held = await hold(0);
    expect(await hold(0).catch((error: Error) => error.message)).to.equal(`held by ${process.pid}`);
    const next = hold(5_000);
    held[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    expect(new Lock(path, isProcessId).read()).to.equal(undefined);
  });

  it('is taken over from a dead process, also when another process has its number now', async () => {
    const lock = new Lock(path, isProcessId);
    for (const dead of [
      { pid: process.pid, started: '1' },
      { pid: 2 ** 22 + 1, started: '' },
    ]) {
      expect(lock.take(dead)).to.be.a('number');
      (await hold(0))[Symbol.dispose]();
    }
  });

  it('lets its holder update what it says, and ignores a claim that no longer counts', () => {
    const lock = new Lock(path, isText);
    const first = lock.take('a') ?? NaN;
    lock.update(first, 'b');
    expect(lock.read()).to.deep.equal({ number: first, holder: 'b' });
    expect(lock.take('c', () => false)).to.equal(undefined);
    const second = lock.take('c', (holder) => holder === 'b') ?? NaN;
    lock.release(first);
    lock.update(first, 'late');
    expect(lock.read()).to.deep.equal({ number: second, holder: 'c' });
  });

  it('lets in one process at a time when many processes find the lock of a dead process', async function () {
    this.timeout(30_000);
    new Lock(path, isProcessId).take({ pid: process.pid, started: '1' });
    // Each process creates a file while it holds the lock. This fails when the file is there already.
    const inside = JSON.stringify(join(dir, 'inside'));
    const source = `
      import { holdLock } from ${here('disk/lock.ts')};
      import { systemClock } from ${here('core/clock.ts')};
      import { rmSync, writeFileSync } from 'node:fs';
      for (let i = 0; i < 5; i += 1) {
        const busy = () => new Error('waited in vain');
        using lock = await holdLock(${JSON.stringify(path)}, { waitMs: 20_000, clock: systemClock, busy });
        writeFileSync(${inside}, '', { flag: 'wx' });
        await new Promise((resolve) => setTimeout(resolve, 5));
        rmSync(${inside});
      }`;
    const all = Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', source]));
    await Promise.all(all);
  });

  it('stays free when a holder of before writes its claim once more, and when it is released twice', () => {
    const lock = new Lock(path, isText);
    const claim = lock.take('a') ?? NaN;
    lock.release(claim);
    lock.update(claim, 'late');
    expect(lock.read()).to.equal(undefined);
    lock.release(claim);
    expect(lock.take('b')).to.equal(claim + 1);
    expect(readdirSync(path)).to.deep.equal([String(claim + 1)]);
  });

  it('calls a full disk a full disk, keeps what was there, and can still be released (case H4)', function () {
    const disk = smallDisk(dir);
    if (disk === undefined) return this.skip();
    try {
      const lock = new Lock(join(disk, 'lock'), isText);
      const claim = lock.take('a') ?? NaN;
      fill(disk);
      expect(() => lock.take('b', () => true))
        .to.throw()
        .with.property('code', 'CHAOS_DISK_FULL');
      expect(lock.read()).to.deep.equal({ number: claim, holder: 'a' });
      lock.release(claim);
      expect(lock.read()).to.equal(undefined);
      expect(() => lock.take('b'))
        .to.throw()
        .with.property('code', 'CHAOS_DISK_FULL');
      expect(lock.read()).to.equal(undefined);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('has one holder at a time, and always a next one, when processes race and are killed', async function () {
    // A hang guard. `npm run race` is the long form.
    this.timeout(60_000);
    const raced = await race({ contenders: 5, times: 40, timesPerKill: 4, seed: Math.floor(Date.now() / 86_400_000) });
    expect(raced.wrong).to.deep.equal([]);
    expect(raced.taken).to.be.at.least(40);
    expect(raced.kills).to.be.at.least(10);
  });
});

/** Mounts a disk of 64 kB. Returns undefined where this user may not. */
function smallDisk(dir: string): string | undefined {
  const disk = join(dir, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    return undefined;
  }
}

function fill(disk: string): void {
  const file = openSync(join(disk, 'rest'), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch {
    // The disk is full.
  } finally {
    closeSync(file);
  }
}

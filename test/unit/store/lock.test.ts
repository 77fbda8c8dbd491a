import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { expect } from 'chai';
import { takeLock } from '../../../harness/store/lock.ts';

const run = promisify(execFile);

describe('takeLock', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'chaos-lock-'));
    path = join(dir, 'below', '.results.lock');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const problem = (waitMs: number) =>
    takeLock(path, waitMs).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('keeps others out while it is held, and lets them in after', async () => {
    const held = await takeLock(path, 0);
    expect(await problem(0)).to.include({ code: 'CHAOS_STORE_BUSY', exit: 'not-ready' });
    const next = takeLock(path, 5_000);
    held[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    expect(existsSync(path)).to.equal(false);
  });

  it('takes over from a process that is dead, also where its number lives on', async () => {
    (await takeLock(path, 0))[Symbol.dispose]();
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: '1' }));
    (await takeLock(path, 1_000))[Symbol.dispose]();
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, started: '' }));
    (await takeLock(path, 1_000))[Symbol.dispose]();
  });

  it('waits for a lock that is being written, and takes over one that was torn', async () => {
    (await takeLock(path, 0))[Symbol.dispose]();
    writeFileSync(path, '');
    expect(await problem(0)).to.include({ code: 'CHAOS_STORE_BUSY' });
    utimesSync(path, 0, 0);
    (await takeLock(path, 1_000))[Symbol.dispose]();
  });

  it('lets one at a time through, of many processes that find a dead one’s lock', async function () {
    this.timeout(30_000);
    (await takeLock(path, 0))[Symbol.dispose]();
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: '1' }));
    // Each makes a file that must not be there while it holds the lock.
    const source = `
      import { takeLock } from ${JSON.stringify(new URL('../../../harness/store/lock.ts', import.meta.url).href)};
      import { rmSync, writeFileSync } from 'node:fs';
      for (let i = 0; i < 5; i += 1) {
        using lock = await takeLock(${JSON.stringify(path)}, 20_000);
        writeFileSync(${JSON.stringify(join(dir, 'inside'))}, '', { flag: 'wx' });
        await new Promise((resolve) => setTimeout(resolve, 5));
        rmSync(${JSON.stringify(join(dir, 'inside'))});
      }`;
    const all = Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', source]));
    await Promise.all(all);
  });
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { expect } from 'chai';
import { takeLock } from '../../../harness/store/lock.ts';

describe('the lock of the embedded results database', () => {
  it('tells a process that waits in vain which process holds it', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'chaos-lock-')), '.results.lock');
    using _held = await takeLock(path, 0);
    const problem = await takeLock(path, 0).catch((error: unknown) => error);
    expect(problem).to.include({ code: 'CHAOS_STORE_BUSY', exit: 'not-ready' });
    expect((problem as Error).message).to.include(`process ${process.pid}`);
  });
});

import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from 'mocha';
import { compose } from '../../../../harness/control/compose/compose.ts';
import { silent } from '../../../../harness/core/log.ts';

/** Puts a program named `docker` before all others on the path, and returns the environment. */
function withDocker(script: string): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-'));
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('docker compose', function () {
  // This only guards against a hang: a process that ignores SIGTERM is killed 3 s later.
  this.timeout(60_000);
  const run = (script: string, more: { deadlineMs?: number; signal?: AbortSignal } = {}) => {
    let child = 0;
    const options = { files: [], project: 'p', env: withDocker(script), log: silent };
    const onChild = (pid: number | undefined): void => void (child = pid ?? child);
    return {
      ended: compose(['up'], { ...options, ...more, onChild }).catch((error: unknown) => error),
      pid: () => child,
    };
  };

  it('returns what it printed', async () => {
    expect(await run('echo hello').ended).to.equal('hello\n');
  });

  for (const [name, script] of [
    ['hangs', 'exec sleep 600'],
    ['hangs and ignores SIGTERM', "trap '' TERM; while :; do sleep 0.2; done"],
    // As a plug-in of `docker` does, which has another process number than the one that is ended.
    ['leaves a child that holds its output', 'sleep 20 & exec sleep 600'],
  ] as const) {
    it(`that ${name} is ended at its deadline, with a code of ours (case H6)`, async () => {
      const { ended, pid } = run(script, { deadlineMs: 300 });
      const error = await ended;
      expect(error).to.include({ code: 'CHAOS_COMPOSE', exit: 'not-ready' });
      expect((error as Error).message).to.include('did not end within 0.3 s');
      expect(isAlive(pid()), 'its process').to.equal(false);
    });
  }

  it('that is no longer wanted is ended at the signal', async () => {
    const over = new AbortController();
    const { ended, pid } = run('exec sleep 600', { signal: over.signal });
    over.abort(new Error('interrupted'));
    expect(((await ended) as Error).message).to.equal('interrupted');
    expect(isAlive(pid())).to.equal(false);
  });
});

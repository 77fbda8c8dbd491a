import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import { ROOT } from '../../helpers/chaos.ts';
import { temporaryFolder } from '../../helpers/sample-folder.ts';

/** Twice the lease of these guardians, on a machine that is busy. */
const SOON_MS = 4_000;

/** A run in a process of its own, with a guardian in another. */
class Guarded {
  readonly dir = temporaryFolder();
  readonly child: ChildProcess;
  #said = '';

  constructor() {
    mkdirSync(join(this.dir, 'logs'));
    this.child = spawn(process.execPath, [join(ROOT, 'test/helpers/guarded.ts'), this.dir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  tell(word: string): void {
    this.child.stdin?.write(`${word}\n`);
  }

  /** What it said that matches; waits for it, however long a busy machine takes: the test's timeout is the guard. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const [, found = ''] = pattern.exec(this.#said) ?? [];
      if (found !== '') return found;
      await delay(20);
    }
  }

  async healed(): Promise<unknown> {
    for (;;) {
      try {
        return JSON.parse(readFileSync(this.file, 'utf8'));
      } catch {
        await delay(20);
      }
    }
  }

  get file(): string {
    return join(this.dir, 'healed.json');
  }

  async ended(): Promise<NodeJS.Signals | number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.signalCode ?? this.child.exitCode;
  }
}

describe('a guardian in a process of its own', function () {
  this.timeout(60_000);
  const all: Guarded[] = [];
  const guarded = (): Guarded => {
    const one = new Guarded();
    all.push(one);
    return one;
  };

  afterEach(() => {
    for (const { child } of all.splice(0)) child.kill('SIGKILL');
  });

  it('heals when the run is killed, and not when the run says that all is done', async () => {
    const killed = guarded();
    const good = guarded();
    await Promise.all([killed.said(/guardian (\d+)/), good.said(/guardian (\d+)/)]);
    killed.child.kill('SIGKILL');
    expect(await killed.healed()).to.deep.equal({ run: 'guarded', startedTopology: true, hung: false });
    good.tell('done');
    expect(await good.ended()).to.equal(0);
    expect(existsSync(good.file)).to.equal(false);
  });

  for (const way of ['is stopped', 'blocks its event loop']) {
    it(`a run that ${way} with faults in force is ended, then healed: it can never go on`, async () => {
      const run = guarded();
      await run.said(/guardian (\d+)/);
      run.tell('hold');
      await run.said(/did (hold)/);
      if (way === 'is stopped') run.child.kill('SIGSTOP');
      else run.tell('block');
      expect(await run.healed()).to.deep.equal({ run: 'guarded', startedTopology: true, hung: true });
      expect(await run.ended()).to.equal('SIGKILL');
    });
  }

  it('a run that is well keeps its lease, and one with nothing in force may be silent', async () => {
    const well = guarded();
    const resting = guarded();
    await Promise.all([well.said(/guardian (\d+)/), resting.said(/guardian (\d+)/)]);
    well.tell('hold');
    resting.tell('hold');
    resting.tell('rest');
    await Promise.all([well.said(/did (hold)/), resting.said(/did (rest)/)]);
    resting.child.kill('SIGSTOP');
    await delay(SOON_MS);
    resting.child.kill('SIGCONT');
    for (const run of [well, resting]) {
      run.tell('done');
      expect(await run.ended()).to.equal(0);
      expect(existsSync(run.file)).to.equal(false);
    }
  });

  it('one that is killed is replaced, and the next knows what the first knew', async () => {
    const run = guarded();
    const first = Number(await run.said(/guardian (\d+)/));
    run.tell('hold');
    await run.said(/did (hold)/);
    process.kill(first, 'SIGKILL');
    const second = Number(await run.said(/replaced (\d+)/));
    expect(second).not.to.equal(first);
    run.child.kill('SIGSTOP');
    expect(await run.healed()).to.deep.equal({ run: 'guarded', startedTopology: true, hung: true });
  });

  it('one that is stopped while faults are in force is ended and replaced, and can never wake up', async () => {
    const run = guarded();
    const first = Number(await run.said(/guardian (\d+)/));
    run.tell('hold');
    await run.said(/did (hold)/);
    process.kill(first, 'SIGSTOP');
    expect(await run.said(/replaced \d+ (.*)/)).to.equal('had given no sign of life and was ended');
    expect(() => process.kill(first, 'SIGCONT')).to.throw('ESRCH');
    expect(existsSync(run.file)).to.equal(false);
    run.child.kill('SIGKILL');
    expect(await run.healed()).to.deep.equal({ run: 'guarded', startedTopology: true, hung: false });
  });

  it('one that is stopped while nothing is in force keeps no run from ending', async () => {
    const run = guarded();
    const only = Number(await run.said(/guardian (\d+)/));
    run.tell('hold');
    run.tell('rest');
    await run.said(/did (rest)/);
    process.kill(only, 'SIGSTOP');
    run.tell('done');
    expect(await run.ended()).to.equal(0);
    expect(() => process.kill(only, 'SIGCONT')).to.throw('ESRCH');
    expect(existsSync(run.file)).to.equal(false);
  });

  it('keeps no process alive that leaves the rest to it', async () => {
    const run = guarded();
    await run.said(/guardian (\d+)/);
    run.tell('leave');
    expect(await run.ended()).to.equal(0);
    expect(await run.healed()).to.deep.equal({ run: 'guarded', startedTopology: true, hung: false });
  });

  it('an answer that nobody reads any more does not end it before it has healed', async () => {
    const dir = temporaryFolder();
    const guardian = spawn(process.execPath, [join(ROOT, 'test/helpers/guarding.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    guardian.stdout.destroy();
    for (const message of [{ tell: 'watch', dir, run: 'guarded' }, { tell: 'alive' }, { tell: 'alive' }])
      guardian.stdin.write(`${JSON.stringify(message)}\n`);
    guardian.stdin.end();
    expect(await once(guardian, 'exit')).to.deep.equal([0, null]);
    expect(existsSync(join(dir, 'healed.json'))).to.equal(true);
  });

  it('killed again and again, the run is told that nobody stands by any more', async () => {
    const run = guarded();
    process.kill(Number(await run.said(/guardian (\d+)/)), 'SIGKILL');
    for (const earlier of [0, 1, 2]) {
      const pattern = new RegExp(`(?:replaced \\d+ .*\\s+){${earlier}}replaced (\\d+)`);
      process.kill(Number(await run.said(pattern)), 'SIGKILL');
    }
    expect(await run.said(/lost (.*)/)).to.equal('it died 4 times; the last had died');
    run.tell('done');
    expect(await run.ended()).to.equal(0);
  });
});

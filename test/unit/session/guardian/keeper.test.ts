import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import { ROOT } from '../../../helpers/chaos.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';

/** Twice the lease (2 s) of the guardians in this test, because the machine may be busy. Milliseconds. */
const SOON_MS = 4_000;

/** A session in a process of its own, with its guardian in another process. */
class Guarded {
  readonly dir = temporaryFolder();
  readonly child: ChildProcess;
  #said = '';

  constructor() {
    this.child = spawn(process.execPath, [join(ROOT, 'test/helpers/guarded.ts'), this.dir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  tell(word: string): void {
    this.child.stdin?.write(`${word}\n`);
  }

  /** Waits until the session has printed this pattern, for as long as the test may last. Returns the first group. */
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

  it('heals when the session is killed, and not when the session says that all is done', async () => {
    const killed = guarded();
    const good = guarded();
    await Promise.all([killed.said(/guardian (\d+)/), good.said(/guardian (\d+)/)]);
    killed.child.kill('SIGKILL');
    expect(await killed.healed()).to.deep.equal({ run: null, startedTopology: true, hung: false });
    good.tell('done');
    expect(await good.ended()).to.equal(0);
    expect(existsSync(good.file)).to.equal(false);
  });

  for (const way of ['is stopped', 'blocks its event loop']) {
    it(`kills a session that ${way} with faults in force, and then heals: the session can never go on`, async () => {
      const run = guarded();
      await run.said(/guardian (\d+)/);
      run.tell('hold');
      await run.said(/did (hold)/);
      if (way === 'is stopped') run.child.kill('SIGSTOP');
      else run.tell('block');
      expect(await run.healed()).to.deep.equal({ run: null, startedTopology: true, hung: true });
      expect(await run.ended()).to.equal('SIGKILL');
    });
  }

  it('does nothing to a session that gives signs of life, or to a silent session with no fault in force', async () => {
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

  it('is replaced when it is killed, and the next guardian knows what the first one knew', async () => {
    const run = guarded();
    const first = Number(await run.said(/guardian (\d+)/));
    run.tell('hold');
    await run.said(/did (hold)/);
    process.kill(first, 'SIGKILL');
    const second = Number(await run.said(/replaced (\d+)/));
    expect(second).not.to.equal(first);
    run.child.kill('SIGSTOP');
    expect(await run.healed()).to.deep.equal({ run: null, startedTopology: true, hung: true });
  });

  it('is killed and replaced when it is stopped while faults are in force, and can never wake up', async () => {
    const run = guarded();
    const first = Number(await run.said(/guardian (\d+)/));
    run.tell('hold');
    await run.said(/did (hold)/);
    process.kill(first, 'SIGSTOP');
    expect(await run.said(/replaced \d+ (.*)/)).to.equal('had given no sign of life and was ended');
    expect(() => process.kill(first, 'SIGCONT')).to.throw('ESRCH');
    expect(existsSync(run.file)).to.equal(false);
    run.child.kill('SIGKILL');
    expect(await run.healed()).to.deep.equal({ run: null, startedTopology: true, hung: false });
  });

  it('does not keep the session from its end when it is stopped while no fault is in force', async () => {
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

  it('knows the run that is at work when it heals, and knows that there is none between two runs', async () => {
    const first = guarded();
    const second = guarded();
    const between = guarded();
    for (const session of [first, second, between]) {
      await session.said(/guardian (\d+)/);
      session.tell('run r1');
    }
    for (const session of [second, between]) session.tell('over');
    second.tell('run r2');
    await Promise.all([first.said(/did (run r1)/), second.said(/did (run r2)/), between.said(/did (over)/)]);
    const runs = [first, second, between].map(async (session) => {
      session.child.kill('SIGKILL');
      return ((await session.healed()) as { run: string | null }).run;
    });
    expect(await Promise.all(runs)).to.deep.equal(['r1', 'r2', null]);
  });

  it('does the rest for a session that hands over to it and lives on', async () => {
    const session = guarded();
    await session.said(/guardian (\d+)/);
    session.tell('run r1');
    session.tell('hand-over');
    expect(await session.healed()).to.deep.equal({ run: 'r1', startedTopology: true, hung: false });
    session.tell('leave');
    expect(await session.ended()).to.equal(0);
  });

  it('does not keep a session alive that leaves the rest to it', async () => {
    const run = guarded();
    await run.said(/guardian (\d+)/);
    run.tell('leave');
    expect(await run.ended()).to.equal(0);
    expect(await run.healed()).to.deep.equal({ run: null, startedTopology: true, hung: false });
  });

  it('heals even when nobody reads its answers any more', async () => {
    const dir = temporaryFolder();
    const guardian = spawn(process.execPath, [join(ROOT, 'test/helpers/guarding.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    guardian.stdout.destroy();
    for (const message of [{ tell: 'watch', reports: dir }, { tell: 'alive' }, { tell: 'alive' }])
      guardian.stdin.write(`${JSON.stringify(message)}\n`);
    guardian.stdin.end();
    expect(await once(guardian, 'exit')).to.deep.equal([0, null]);
    expect(existsSync(join(dir, 'healed.json'))).to.equal(true);
  });

  it('is not replaced after four deaths, and the session learns that nobody stands by any more', async () => {
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

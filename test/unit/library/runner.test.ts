import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import { namedRandom } from '../../../harness/core/random.ts';
import { ROOT } from '../../helpers/chaos.ts';

const MOCHA = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
const SUITE = join(ROOT, 'test', 'helpers', 'runner', 'suite.ts');
/** This only guards against a hang, milliseconds. */
const HANG_MS = 60_000;

/** A runner of tests in a process of its own. In its suite a fault of a minute comes into force. */
interface Runner {
  readonly child: ChildProcess;
  readonly dir: string;
  readonly ended: Promise<unknown>;
}

describe('a test runner that ends in a fault', function () {
  this.timeout(2 * HANG_MS);
  const runners: Runner[] = [];

  function start(how: string, ...flags: readonly string[]): Runner {
    const dir = mkdtempSync(join(tmpdir(), 'runner-'));
    const env = { ...process.env, CHAOS_RUNNER: JSON.stringify({ how, dir }) };
    const child = spawn(process.execPath, [MOCHA, '--no-config', ...flags, SUITE], { cwd: dir, env, stdio: 'ignore' });
    const runner = { child, dir, ended: new Promise((resolve) => child.once('close', resolve)) };
    runners.push(runner);
    return runner;
  }

  afterEach(async () => {
    for (const { child, ended } of runners.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
  });

  async function appears(path: string): Promise<string> {
    for (const until = Date.now() + HANG_MS; Date.now() < until; await sleep(50)) {
      if (existsSync(path)) {
        const text = readFileSync(path, 'utf8');
        if (text !== '') return text;
      }
    }
    throw new Error(`${path} did not appear`);
  }

  for (const [how, ...flags] of [['process.exit'], ['throws outside', '--exit'], ['timeout', '--exit']] as const) {
    it(`(${how}) leaves the fault to the guardian, which knows the run`, async () => {
      const { dir, ended } = start(how, ...flags);
      const run = await appears(join(dir, 'in-force'));
      await ended;
      const healed = JSON.parse(await appears(join(dir, 'healed.json'))) as object;
      expect(healed).to.include({ run });
    });
  }

  it('(kill -9 at random moments) leaves the fault to the guardian each time', async () => {
    const random = namedRandom(17, 'runner');
    for (let round = 0; round < 4; round += 1) {
      const { child, dir, ended } = start('killed');
      const run = await appears(join(dir, 'in-force'));
      await sleep(random() * 500);
      child.kill('SIGKILL');
      await ended;
      expect(JSON.parse(await appears(join(dir, 'healed.json')))).to.include({ run, hung: false });
    }
  });

  it('(timeout, closed) puts everything back itself when its hook closes the session', async () => {
    const { dir, ended } = start('timeout, closed');
    await appears(join(dir, 'in-force'));
    await ended;
    expect(JSON.parse(await appears(join(dir, 'wrong.json')))).to.deep.equal([]);
    expect(existsSync(join(dir, 'healed.json')), 'nothing is left to the guardian').to.equal(false);
  });
});

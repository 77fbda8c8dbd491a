import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, before, describe, it } from 'mocha';
import { namedRandom } from '../../harness/core/random.ts';
import { chaos, ROOT, TEST_ENV } from '../helpers/chaos.ts';
import { becomesEmpty, leftovers } from '../helpers/docker.ts';
import { placesOfTests } from '../helpers/places.ts';

/** The product promises that there is no residue this long after the runner was killed. Milliseconds. */
const PROMISE_MS = 15_000;
/** The guardian then writes its report and releases the topology. Milliseconds. */
const RELEASE_MS = 60_000;
const ROUNDS = process.env['CHAOS_TESTS'] === 'all' ? 30 : 3;
/** The fault is in force for this long, milliseconds: see runner/with-mocha.ts. */
const FAULT_MS = 8_000;
const SUITE = join(ROOT, 'test', 'helpers', 'runner', 'with-mocha.ts');
const MOCHA = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');

const { lock } = await placesOfTests();
const isFree = async (): Promise<string[]> => (lock.read().state === 'free' ? [] : [lock.read().state]);

describe('a test runner that is killed in a fault', function () {
  this.timeout(ROUNDS * 180_000);
  let killed: (() => void) | undefined;

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
  });
  afterEach(() => killed?.());

  it(`leaves nothing behind, at ${ROUNDS} random moments`, async () => {
    const random = namedRandom(17, 'library');
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = spawn(process.execPath, [MOCHA, '--no-config', SUITE], {
        cwd: ROOT,
        detached: true,
        env: { ...process.env, ...TEST_ENV },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      killed = () =>
        void (child.exitCode === null && child.signalCode === null && process.kill(-(child.pid ?? NaN), 'SIGKILL'));
      const ended = new Promise((resolve) => child.once('close', resolve));
      const inForce = new Promise<boolean>((resolve) => {
        child.stdout.on('data', (said: Buffer) => said.toString().includes('in force') && resolve(true));
        void ended.then(() => resolve(false));
      });
      expect(await inForce, `round ${round}: no fault came into force`).to.equal(true);
      const after = random() * FAULT_MS;
      await sleep(after);
      killed();
      await ended;
      const { left, afterMs } = await becomesEmpty(leftovers, PROMISE_MS);
      expect(left, `round ${round}, killed after ${after.toFixed(0)} ms, ${afterMs.toFixed(0)} ms later`).to.deep.equal(
        [],
      );
      expect((await becomesEmpty(isFree, RELEASE_MS)).left, `round ${round}`).to.deep.equal([]);
    }
  });
});

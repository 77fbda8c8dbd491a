import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { eventsOf } from '../../harness/core/record/history.ts';
import { readEvents } from '../../harness/record/event-log.ts';
import { chaos, ROOT, runExperiment, startChaos, summary } from '../helpers/chaos.ts';
import { becomesEmpty, containersOf, leftovers } from '../helpers/docker.ts';

/** The product promises that there is no residue this long after the harness was killed. Milliseconds. */
const PROMISE_MS = 15_000;

/** Writes an experiment that holds the workers at a number while Redis refuses connections for some seconds. */
function holding(workers: number): string {
  const file = join(mkdtempSync(join(tmpdir(), 'controllers-')), 'hold.yaml');
  const text = `title: Jobs are done while ${workers} workers are held
topology: ${ROOT}/docker-compose.chaos.yml
load: { workload: ${ROOT}/experiments/workloads/saturday.yaml, rate: 60/s }
phases: { warmup: 2s, baseline: 4s, fault: 6s, recovery: 2s }
controllers:
  - hold: { service: worker, replicas: ${workers} }
faults:
  - refuse: { link: app-to-redis, for: 5s }
hypotheses:
  - acknowledged_writes: { lost: 0 }
`;
  writeFileSync(file, text);
  return file;
}

const workers = (): readonly string[] => containersOf('worker');

describe('a controller of real containers', function () {
  this.timeout(180_000);
  let sound: readonly string[];

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    sound = workers();
  });

  it('holds a number of containers through the run, and the old number comes back', async () => {
    const document = await runExperiment([holding(sound.length + 2)]);
    const said = summary(document);
    const scaled = eventsOf({ events: readEvents(document.dir) }, 'scaled');
    expect(scaled.map(({ from, to }) => [from, to])).to.deep.equal([[sound.length, sound.length + 2]]);
    expect(document.restored, said).to.equal(true);
    expect(document.residue, said).to.deep.equal([]);
    expect(
      document.checks.map((c) => c.verdict),
      said,
    ).to.deep.equal(['PASS']);
    expect(workers()).to.deep.equal(sound);
    expect(await leftovers()).to.deep.equal([]);
  });

  it('is seen by the audit as surplus, and gives the old number back after kill -9 of the harness', async () => {
    // The run is killed in its fault phase, also on a machine on which `chaos status` takes long.
    const running = startChaos(['run', holding(sound.length + 1), '--set', 'phases.fault=60s']);
    await running.said('fault refuse-1 in force');
    expect(workers()).to.have.lengthOf(sound.length + 1);
    // Another process knows no decision. It sees what a controller added by the containers alone.
    expect((await chaos(['status', '--json'])).stdout).to.include('surplus container');
    running.child.kill('SIGKILL');
    const missing = async (): Promise<string[]> => [
      ...(await leftovers()),
      ...workers().filter((name) => !sound.includes(name)),
    ];
    const { left, afterMs } = await becomesEmpty(missing, PROMISE_MS);
    expect(left, `after ${afterMs.toFixed(0)} ms`).to.deep.equal([]);
    await running.ended;
    expect(workers()).to.deep.equal(sound);
    // The guardian releases the topology when it is healthy.
    const atWork = async (): Promise<string[]> =>
      (await chaos(['status'])).stdout.includes('no run is at work') ? [] : ['at work'];
    expect((await becomesEmpty(atWork, 60_000)).left).to.deep.equal([]);
  });
});

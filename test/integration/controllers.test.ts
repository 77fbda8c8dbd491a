import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { eventsOf } from '../../harness/core/record/history.ts';
import { decideScaling } from '../../harness/core/scaling/decide.ts';
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

/** Writes an experiment that keeps two workers, and kills one of them. */
function scaling(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'controllers-')), 'autoscale.yaml');
  const text = `title: Two workers at least, also when one is killed
topology: ${ROOT}/docker-compose.chaos.yml
load: { workload: ${ROOT}/experiments/workloads/saturday.yaml, rate: 60/s }
phases: { warmup: 12s, baseline: 4s, fault: 8s, recovery: 2s }
controllers:
  - autoscale: { service: worker, minInstances: 2, maxInstances: 2, jobsPerInstance: 1000 }
faults:
  - kill: { service: worker, replica: 1 }
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

  it('scales to the least, records why at each look, and takes its container away again', async () => {
    const document = await runExperiment([scaling()]);
    const said = summary(document);
    const events = { events: readEvents(document.dir) };
    expect(eventsOf(events, 'scaled').map(({ from, to }) => [from, to])).to.deep.equal([[1, 2]]);
    const looks = eventsOf(events, 'scaling');
    expect(looks[0]?.decision, said).to.deep.include({ action: 'scale_up', reason: 'below_min_instances' });
    expect(looks.length, said).to.be.greaterThan(3);
    for (const { config, situation, decision } of looks)
      expect(decideScaling(config, situation)).to.deep.equal(decision);
    // The probes have read every figure by then.
    const last = looks.at(-1)?.situation.figures.map(({ metric }) => metric);
    expect(last, said).to.include.members(['cpu', 'memory', 'requests', 'queue']);
    expect([document.restored, document.residue], said).to.deep.equal([true, []]);
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

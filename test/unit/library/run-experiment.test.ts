import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { type Experiment, Inconclusive, readPlan, runExperiment, type Session } from '../../../index.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import { sampleRun } from '../../helpers/samples/run.ts';
import { BROKEN, SOUND, written } from '../plan/read.ts';

const EXPERIMENT: Experiment = {
  title: 'Losing Redis fails no request',
  topology: join(BROKEN, 'compose.yml'),
  load: { rate: '278/s', workload: join(BROKEN, 'workload.yaml') },
  phases: { baseline: '20s', fault: '30s', recovery: '20s' },
  faults: [{ kill: { service: 'redis' } }],
  hypotheses: [{ errors: { below: '0.1%', during: ['fault'] } }],
};

/** A session that carries out nothing, and gives this document. It keeps the plans that it was given. */
class Recorded implements Session {
  readonly plans: Plan[] = [];
  readonly inForce = undefined;
  readonly lastRun = undefined;
  readonly startedTopology = false;
  readonly interruptedBy = undefined;
  closed = false;
  readonly #document: RunDocument;

  constructor(document: RunDocument) {
    this.#document = document;
  }

  run(plan: Plan): Promise<RunDocument> {
    this.plans.push(plan);
    return Promise.resolve(this.#document);
  }

  interrupt(): number {
    return 0;
  }

  abort(): void {
    throw new Error('nobody aborts here');
  }

  hurry(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const { document } = sampleRun();
const passing = (): Recorded => new Recorded({ ...document, verdict: 'PASS' });
const reports = (): string => mkdtempSync(join(tmpdir(), 'library-'));

describe('runExperiment', function () {
  // Compose reads the topology.
  this.timeout(20_000);

  it('gives a file to the session that it was given, with changed values, and leaves the session open', async () => {
    const session = passing();
    const result = await runExperiment(written(SOUND), { session, set: ['phases.fault=40s'] });
    expect(result.verdict).to.equal('PASS');
    expect(session.plans[0]?.phases.fault).to.equal(40_000);
    expect(session.closed).to.equal(false);
  });

  it('takes an object as it takes the same file, and keeps it as a file that can be run again', async () => {
    const [session, folder] = [passing(), reports()];
    await runExperiment(EXPERIMENT, { session, reports: folder });
    const file = join(folder, 'experiments', 'losing-redis-fails-no-request.yaml');
    expect(readFileSync(file, 'utf8')).to.include('title: Losing Redis fails no request\n');
    const [plan] = session.plans;
    const same = await readPlan(file);
    expect(plan).to.deep.equal(same);
    const { faults, hypotheses, phases, load } = await readPlan(written(SOUND));
    expect(plan).to.deep.include({ faults, phases, load });
    expect(plan?.hypotheses.map(({ check, params }) => ({ check, params }))).to.deep.equal(
      hypotheses.map(({ check, params }) => ({ check, params })),
    );
  });

  it('throws the error of the verdict', async () => {
    const session = new Recorded({ ...document, verdict: 'INCONCLUSIVE' });
    const error: unknown = await runExperiment(written(SOUND), { session }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Inconclusive);
  });

  it('names a mistake in an object by its path, and starts and writes nothing', async () => {
    const [session, folder] = [passing(), reports()];
    const wrong = { ...EXPERIMENT, faults: [{ kill: { servce: 'redis' } }] } as unknown as Experiment;
    const error = (await runExperiment(wrong, { session, reports: folder }).catch((thrown: unknown) => thrown)) as {
      code: string;
      file: string;
      line: number | undefined;
      rendered: string;
    };
    expect(error).to.include({ code: 'CHAOS_UNKNOWN_KEY', file: 'experiment.faults[0].kill.servce' });
    expect(error.line).to.equal(undefined);
    expect(error.rendered).to.match(/^experiment\.faults\[0\]\.kill\.servce {2}error CHAOS_UNKNOWN_KEY /);
    expect(session.plans).to.deep.equal([]);
    expect(existsSync(join(folder, 'experiments'))).to.equal(false);
  });

  it('names a name that does not exist by its path, and an override by itself', async () => {
    const unknown = { ...EXPERIMENT, faults: [{ kill: { service: 'rediss' } }] };
    const thrown = (error: unknown): unknown => error;
    expect(await readPlan(unknown).catch(thrown)).to.include({ file: 'experiment.faults[0].kill.service' });
    const set = await readPlan(EXPERIMENT, ['phases.fault=never']).catch(thrown);
    expect(set).to.include({ file: '--set phases.fault=never' });
  });

  it('refuses an object that contains itself', async () => {
    const circular: Record<string, unknown> = { ...EXPERIMENT };
    circular['tags'] = [circular];
    const error: unknown = await runExperiment(circular as unknown as Experiment, { session: passing() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: 'CHAOS_WRONG_TYPE', exit: 'bad-input' });
  });

  it('begins no run when its signal was aborted before', async () => {
    const session = passing();
    const signal = AbortSignal.abort(new Error('the test is over'));
    const error: unknown = await runExperiment(written(SOUND), { session, signal }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ message: 'the test is over' });
    expect(session.plans).to.deep.equal([]);
  });
});

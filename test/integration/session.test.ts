import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, before, describe, it } from 'mocha';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { readEvents } from '../../harness/record/event-log.ts';
import { ANY_LATENCY, chaos, ROOT, summary, TEST_ENV } from '../helpers/chaos.ts';
import { becomesEmpty, container, leftovers } from '../helpers/docker.ts';
import { placesOfTests } from '../helpers/places.ts';

const SHORT = [
  'phases.warmup=1s',
  'phases.baseline=4s',
  'phases.fault=5s',
  'phases.recovery=2s',
  'load.rate=60/s',
  ANY_LATENCY,
];
const TWO = ['slow-database-link', 'app-replica-kill'];
/** The product promises that there is no residue this long after the harness was killed. Milliseconds. */
const PROMISE_MS = 15_000;

interface Told {
  readonly run: number;
  readonly in_force?: string;
  readonly document?: RunDocument;
}

/** Runs a program of a user of the library, with one session, in a process group of its own. */
class Program {
  readonly child: ChildProcess;
  readonly #told: Told[] = [];
  readonly #ended: Promise<string>;
  #stderr = '';

  constructor(experiments: readonly string[], overrides: readonly string[]) {
    const files = experiments.map((name) => join(ROOT, 'experiments', `${name}.yaml`));
    const script = join(ROOT, 'test/helpers/one-session.ts');
    this.child = spawn(process.execPath, [script, JSON.stringify(overrides), ...files], {
      detached: true,
      env: { ...process.env, ...TEST_ENV },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) throw new Error('the program has no output');
    stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    createInterface({ input: stdout }).on('line', (line) => this.#told.push(JSON.parse(line) as Told));
    this.#ended = new Promise((resolve) => this.child.once('close', (code) => resolve(`it ended with ${code}`)));
  }

  /** Resolves with the first printed line for which `holds` returns true. Throws when the program ends before. */
  async told(holds: (line: Told) => boolean): Promise<Told> {
    let over: string | undefined;
    void this.#ended.then((why) => (over = why));
    for (;;) {
      const found = this.#told.find(holds);
      if (found !== undefined) return found;
      if (over !== undefined) throw new Error(`${over}:\n${this.#stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  killGroup(): void {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    process.kill(-(this.child.pid ?? NaN), 'SIGKILL');
  }
}

const { lock } = await placesOfTests();
const isFree = async (): Promise<string[]> => (lock.read().state === 'free' ? [] : [lock.read().state]);

describe('a session in a program of its user', function () {
  this.timeout(240_000);

  const programs: Program[] = [];
  const started = (experiments: readonly string[], overrides: readonly string[]): Program => {
    const program = new Program(experiments, overrides);
    programs.push(program);
    return program;
  };

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
  });

  afterEach(() => {
    for (const program of programs.splice(0)) program.killGroup();
  });

  it('carries out two runs, and is healed when its process group is killed in the second fault', async () => {
    const program = started(TWO, SHORT);
    const { document } = await program.told((line) => line.run === 1 && line.document !== undefined);
    if (document === undefined) throw new Error('no document');
    // A busy host may change the verdict, so it is not checked. The run must be complete and healed.
    expect(document.restored, summary(document)).to.equal(true);
    expect(
      document.faults.map((f) => f.effective),
      summary(document),
    ).to.deep.equal(['effective']);
    expect(document.phases.map((p) => p.name)).to.deep.equal(['warmup', 'baseline', 'fault', 'heal', 'recovery']);
    await program.told((line) => line.run === 2 && line.in_force !== undefined);
    const state = lock.read();
    if (state.state === 'free' || state.holder === undefined) throw new Error('nobody holds the topology');
    expect(await leftovers()).to.include(`${container('app', 2)} is exited`);
    program.killGroup();
    const { left, afterMs } = await becomesEmpty(leftovers, PROMISE_MS);
    expect(left, `after ${afterMs.toFixed(0)} ms`).to.deep.equal([]);
    expect((await becomesEmpty(isFree, 60_000)).left).to.deep.equal([]);
    const events = readEvents(state.holder.dir ?? '');
    expect(events.find((e) => e.kind === 'interrupted')).to.include({ by: 'killed' });
    expect(events.filter((e) => e.kind === 'undo.done')).to.have.lengthOf.at.least(1);
    expect(events.at(-1)).to.deep.include({ kind: 'residue', residue: [], healthy: true });
  });

  it('is healed by the next session, before the next run, when it is killed together with its guardian', async () => {
    const program = started(['app-replica-kill'], [...SHORT, 'phases.fault=30s']);
    await program.told((line) => line.in_force !== undefined);
    const state = lock.read();
    if (state.state === 'free' || state.holder === undefined) throw new Error('nobody holds the topology');
    process.kill(state.holder.guardian?.pid ?? NaN, 'SIGKILL');
    program.killGroup();
    const next = started(['app-replica-kill'], SHORT);
    const { document } = await next.told((line) => line.document !== undefined);
    if (document === undefined) throw new Error('no document');
    expect(document.restored, summary(document)).to.equal(true);
    expect(readEvents(state.holder.dir ?? '').at(-1)).to.deep.include({ kind: 'residue', residue: [] });
    expect((await becomesEmpty(isFree, 30_000)).left).to.deep.equal([]);
    expect(await leftovers()).to.deep.equal([]);
  });
});

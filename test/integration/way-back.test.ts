import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, describe, it } from 'mocha';
import type { RunEvent } from '../../harness/core/record/events.ts';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { readEvents } from '../../harness/record/event-log.ts';
import type { LockHolder } from '../../harness/session/topology-lock.ts';
import { ANY_LATENCY, chaos, ROOT, type Running, startChaos, summary } from '../helpers/chaos.ts';
import { drawn } from '../helpers/drawn.ts';
import { becomesEmpty, container, docker, FREEZE_TOXIPROXY, leftovers } from '../helpers/docker.ts';
import { placesOfTests } from '../helpers/places.ts';

const LOSS = 'experiments/app-replica-kill.yaml';
const SLOW = 'experiments/slow-database-link.yaml';
const SHORT = [
  'phases.warmup=2s',
  'phases.baseline=4s',
  'phases.fault=12s',
  'phases.heal=30s',
  'phases.recovery=3s',
  'load.rate=60/s',
  ANY_LATENCY,
].flatMap((value) => ['--set', value]);
/** The guardian takes a run for hung after ten seconds. Then the promise of fifteen seconds begins. Milliseconds. */
const HUNG_MS = 26_000;
const PROMISE_MS = 15_000;
/** The product promises that a run ends this soon after SIGTERM: a CI runner sends SIGKILL next. Milliseconds. */
const TERMINATED_MS = 6_000;
/** A guardian is taken for frozen after five or six seconds. Then another guardian starts. Milliseconds. */
const FROZEN_MS = 20_000;

/** Returns the process that holds the topology, with its run. Throws when no run is at work. */
async function holder(): Promise<LockHolder & { readonly dir: string }> {
  const state = (await placesOfTests()).lock.read();
  if (state.state === 'free' || state.holder?.dir === undefined) throw new Error('no run is at work');
  return { ...state.holder, dir: state.holder.dir };
}

async function documentOf(running: Running): Promise<RunDocument> {
  const { stdout, stderr } = await running.ended;
  expect(stdout, stderr).to.match(/^\{/);
  return JSON.parse(stdout) as RunDocument;
}

/**
 * Expects that the document agrees with the plain Docker client. Either there is no residue, or the verdict is NOT
 * RESTORED and each residue has a command that undoes it.
 */
async function expectTruth(document: RunDocument): Promise<void> {
  const left = await leftovers();
  if (document.restored) {
    expect(left, summary(document)).to.deep.equal([]);
    return;
  }
  expect(document).to.include({ verdict: 'NOT RESTORED', exit_code: 6 });
  expect(document.residue, summary(document)).not.to.deep.equal([]);
  for (const residue of document.residue) expect(residue.how_to_undo, residue.target).to.match(/\S/);
}

const seen = (dir: string, kind: RunEvent['kind']): RunEvent[] => readEvents(dir).filter((e) => e.kind === kind);

/** Expects that the audit for residue came after the healing and is on record. */
async function expectClosed(dir: string): Promise<void> {
  const closed = async (): Promise<string[]> => (seen(dir, 'residue').length === 0 ? ['not closed'] : []);
  expect((await becomesEmpty(closed, 60_000)).left).to.deep.equal([]);
}

describe('the harness when something else breaks', function () {
  this.timeout(300_000);

  before(async () => {
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
  });

  afterEach(async () => {
    // The process that heals for a dead run holds the topology until it has closed the record of the run.
    const atWork = async (): Promise<string[]> =>
      /: (?:running|healing)\n/.test((await chaos(['status'])).stdout) ? ['at work'] : [];
    expect((await becomesEmpty(atWork, 60_000)).left).to.deep.equal([]);
    const healed = await chaos(['heal']);
    expect(healed.code, healed.stdout + healed.stderr).to.equal(0);
    expect(await leftovers()).to.deep.equal([]);
  });

  /** Each test takes half a minute. `npm test` runs some of them, drawn anew each day. */
  const ways: [name: string, go: () => Promise<void>][] = [];
  const way = (name: string, go: () => Promise<void>): void => void ways.push([name, go]);

  const TOXIPROXY = container('toxiproxy');
  for (const [what, act] of [
    ['killed', ['kill', TOXIPROXY]],
    ['paused', ['pause', TOXIPROXY]],
    ['frozen (SIGSTOP)', FREEZE_TOXIPROXY],
    ['restarted', ['restart', '--time', '1', TOXIPROXY]],
  ] as const) {
    way(`never says PASS when Toxiproxy is ${what} during a fault, and undoes the fault or names it`, async () => {
      const running = startChaos(['run', SLOW, ...SHORT, '--json']);
      await running.said('fault latency-1 in force');
      docker(...act);
      const document = await documentOf(running);
      expect(document.verdict, summary(document)).not.to.equal('PASS');
      await expectTruth(document);
    });
  }

  way('recreates a target that somebody removes before the undo, or names it as residue', async () => {
    const running = startChaos(['run', LOSS, ...SHORT, '--json']);
    await running.said('fault kill-1 in force');
    docker('rm', '-f', container('app', 2));
    await expectTruth(await documentOf(running));
  });

  for (const [what, signal, was] of [
    ['killed', 'SIGKILL', 'had died'],
    ['frozen (SIGSTOP)', 'SIGSTOP', 'had given no sign of life and was ended'],
  ] as const) {
    way(`replaces a guardian that is ${what}, and the new guardian heals the run when it is killed`, async () => {
      const running = startChaos(['run', LOSS, ...SHORT, '--set', 'phases.fault=60s']);
      await running.said('fault kill-1 in force');
      const { guardian, dir } = await holder();
      const pid = guardian?.pid ?? NaN;
      process.kill(pid, signal);
      const replaced = async (): Promise<string[]> => ((await holder()).guardian?.pid === pid ? ['not replaced'] : []);
      expect((await becomesEmpty(replaced, FROZEN_MS)).left).to.deep.equal([]);
      expect(() => process.kill(pid, 'SIGCONT'), 'nobody is left to wake up').to.throw('ESRCH');
      expect(await leftovers()).to.include(`${container('app', 2)} is exited`);
      const next = (await holder()).guardian?.pid;
      running.child.kill('SIGKILL');
      expect((await becomesEmpty(leftovers, PROMISE_MS)).left).to.deep.equal([]);
      await running.ended;
      await expectClosed(dir);
      const notes = seen(dir, 'note').map((e) => (e.kind === 'note' ? e.message : ''));
      expect(notes).to.include(`the guardian ${was}; another guardian stands by (process ${next})`);
    });
  }

  way('heals a run that was killed with its guardian when the next command starts, and says so', async () => {
    const running = startChaos(['run', LOSS, ...SHORT]);
    await running.said('fault kill-1 in force');
    const { guardian, run } = await holder();
    // The run is stopped first, so that neither process notices the other's end.
    process.kill(running.child.pid ?? NaN, 'SIGSTOP');
    process.kill(guardian?.pid ?? NaN, 'SIGKILL');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await leftovers()).to.include(`${container('app', 2)} is exited`);
    const status = await chaos(['status', '--json']);
    expect(status.code).to.equal(6);
    expect((JSON.parse(status.stdout) as { runs: unknown }).runs).to.deep.equal([{ run, state: 'left' }]);
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    expect(up.stderr)
      .to.include(`healing what ${run} left behind`)
      .and.to.include(`what ${run} left behind is put back`);
    expect(await leftovers()).to.deep.equal([]);
    const { stdout } = await chaos(['list', '--json']);
    const { runs } = JSON.parse(stdout) as { runs: { run: string; verdict: string }[] };
    expect(runs.find((r) => r.run === run)).to.include({ verdict: 'INTERRUPTED' });
  });

  way('ends and heals a run that is stopped with a fault in force, so that the run never goes on', async () => {
    const running = startChaos(['run', LOSS, ...SHORT, '--set', 'phases.fault=60s']);
    await running.said('fault kill-1 in force');
    const { dir } = await holder();
    const status = JSON.parse((await chaos(['status', '--json'])).stdout) as Record<'residue' | 'in_force', unknown>;
    expect(status.residue, 'the faults of a run at work are not left').to.deep.equal([]);
    expect(status.in_force).to.not.deep.equal([]);
    running.child.kill('SIGSTOP');
    expect((await becomesEmpty(leftovers, HUNG_MS)).left).to.deep.equal([]);
    await running.ended;
    expect(running.child.signalCode).to.equal('SIGKILL');
    expect(readFileSync(join(dir, 'events.ndjson'), 'utf8')).to.include('gave no sign of life');
  });

  for (const [signal, how] of [
    ['SIGTERM', ''],
    ['SIGHUP', ' without a terminal'],
  ] as const) {
    way(`ends a run with a fault in force within 6 s after ${signal}${how}, with exit 143 and no residue`, async () => {
      const running = startChaos(['run', LOSS, ...SHORT, '--set', 'phases.fault=60s']);
      await running.said('fault kill-1 in force');
      const { dir } = await holder();
      if (signal === 'SIGHUP') [running.child.stdout, running.child.stderr].forEach((stream) => stream?.destroy());
      const begun = performance.now();
      running.child.kill(signal);
      const { code } = await running.ended;
      const tookMs = performance.now() - begun;
      expect(code).to.equal(143);
      expect(tookMs).to.be.below(TERMINATED_MS);
      const { left } = await becomesEmpty(leftovers, PROMISE_MS);
      expect(left).to.deep.equal([]);
      await expectClosed(dir);
      expect(seen(dir, 'interrupted').map((e) => (e.kind === 'interrupted' ? e.by : ''))).to.deep.equal([signal]);
      const reported = async (): Promise<string[]> => (existsSync(join(dir, 'report.html')) ? [] : ['no report']);
      expect((await becomesEmpty(reported, 60_000)).left).to.deep.equal([]);
    });
  }

  way('ends soon at the second Ctrl-C while an undo hangs, and the guardian undoes the fault', async () => {
    const running = startChaos(['run', SLOW, ...SHORT, '--set', 'phases.fault=60s']);
    await running.said('fault latency-1 in force');
    const { dir, run } = await holder();
    docker('pause', TOXIPROXY);
    const begun = performance.now();
    running.child.kill('SIGINT');
    await running.said('Putting back latency-1 (Ctrl-C again');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    const tookMs = performance.now() - begun;
    expect(code, stderr).to.equal(130);
    expect(stderr).to.include('latency-1 may still be in force').and.to.include(`chaos heal ${run}`);
    expect(tookMs).to.be.below(TERMINATED_MS);
    const { left } = await becomesEmpty(leftovers, 60_000);
    expect(left).to.deep.equal([]);
    await expectClosed(dir);
  });

  way('ends the run with ABORTED, exit 5 and everything restored after chaos abort in another terminal', async () => {
    const running = startChaos(['run', LOSS, ...SHORT, '--set', 'phases.fault=60s', '--json']);
    await running.said('fault kill-1 in force');
    const aborted = await chaos(['abort', '--json']);
    expect(aborted.code, aborted.stderr).to.equal(0);
    const document = await documentOf(running);
    expect(document, summary(document)).to.include({ verdict: 'ABORTED', exit_code: 5, restored: true });
    expect(await leftovers()).to.deep.equal([]);
  });

  way('ends the run with ABORTED within seconds at a stop condition, and names its values', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'stop-if-')), 'stopped.yaml');
    const experiment = {
      title: 'Without any replica nothing is answered',
      topology: join(ROOT, 'docker-compose.chaos.yml'),
      load: { workload: join(ROOT, 'experiments/workloads/saturday.yaml'), rate: '60/s' },
      phases: { warmup: '2s', baseline: '4s', fault: '60s', recovery: '3s' },
      faults: [{ pause: { service: 'app' } }],
      hypotheses: [{ acknowledged_writes: { lost: 0 } }],
      stop_if: [{ errors: { above: '50%', for: '3s' } }],
    };
    writeFileSync(file, JSON.stringify(experiment));
    const document = await documentOf(startChaos(['run', file, '--json']));
    expect(document, summary(document)).to.include({ verdict: 'ABORTED', exit_code: 5, restored: true });
    expect(document.reason).to.match(/^the stop condition in line 1 held: errors > 50 % for .* requests failed/);
    const fault = document.phases.find((p) => p.name === 'fault');
    expect(Date.parse(fault?.ended ?? '') - Date.parse(fault?.started ?? '')).to.be.below(30_000);
  });

  for (const [name, go] of drawn(ways, 2)) it(name, go);
});

import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { windowOf } from '../../../harness/core/record/history.ts';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import { trafficWithin } from '../../../harness/core/record/traffic.ts';
import { readRecord } from '../../../index.ts';
import { chaos, ROOT, type Running, startChaos } from '../../helpers/chaos.ts';
import { outageOf } from '../experiments.ts';
import { askInside, type Answers, sessionSeen } from './inside.ts';
import { SessionWatch } from './sessions.ts';
import type { Way } from './ways.ts';

export interface Measured extends Answers {
  readonly way: string;
  /** Milliseconds, of the baseline at 200/s; all offered requests, a failed one as slow as the timeout. */
  readonly p50: number;
  readonly p95: number;
  readonly offered: number;
  readonly failed: number;
  /** The most sessions of clients on one server, from the warm-up to the end of the run. */
  readonly sessions: number;
  readonly seen: string;
  readonly verdict: string;
  /** Seconds without an acknowledged write after the primary was killed. Absent when writes never came back. */
  readonly outage?: number | undefined;
  /** "0 of 2900 lost, ..." */
  readonly writes: string;
}

const experimentOf = ({ title, replicas, files }: Way): unknown => ({
  title: `The primary is killed: ${title}, ${replicas} replicas`,
  topology: files,
  load: { workload: join(ROOT, 'experiments', 'workloads', 'saturday.yaml'), rate: '200/s' },
  phases: { warmup: '10s', baseline: '20s', fault: '25s', recovery: '5s' },
  faults: [{ kill: { service: 'postgres', role: 'primary' } }],
  hypotheses: [{ failover: { service: 'postgres', within: '12s' } }, { acknowledged_writes: { lost: 0 } }],
});

const fileFlags = ({ files }: Way): string[] => files.flatMap((file) => ['--file', file]);

/** Brings the way up from nothing. Returns why not, when the harness refuses it. */
export async function bringUp(way: Way): Promise<string | undefined> {
  const { code, stderr } = await chaos(['topology', 'up', ...fileFlags(way)], way.env);
  return code === 0 ? undefined : stderr.trim();
}

export const takeDown = (way: Way): Promise<unknown> => chaos(['topology', 'down', ...fileFlags(way)], way.env);

/** Measures a way that is up. `folder` gets its experiment. `onRun` gets the run as long as it goes on. */
export async function measure(way: Way, folder: string, onRun: (run: Running) => void): Promise<Measured> {
  const file = join(folder, `${way.name}.yaml`);
  writeFileSync(file, JSON.stringify(experimentOf(way), undefined, 2)); // JSON is YAML
  await using watch = new SessionWatch();
  const running = startChaos(['run', file, '--json'], way.env);
  onRun(running);
  const [inside, { stdout, stderr }] = await Promise.all([asked(running), running.ended]);
  const document = JSON.parse(stdout) as RunDocument & { error?: { message: string } };
  if (document.error !== undefined) throw new Error(`${way.name}: ${document.error.message}\n${stderr}`);
  return { way: way.name, ...inside, sessions: watch.most, ...(await figuresOf(document)) };
}

/** Asks in the middle of the baseline, while the replicas have their connections. */
async function asked(running: Running): Promise<Answers & Pick<Measured, 'seen'>> {
  await running.said('phase baseline');
  await delay(5_000);
  return { ...(await askInside()), seen: await sessionSeen() };
}

async function figuresOf(document: RunDocument) {
  const { history } = await readRecord(document.dir);
  const baseline = windowOf(history, 'baseline');
  if (baseline === undefined) throw new Error(`${document.dir} has no baseline: ${document.reason ?? ''}`);
  const { offered, failed, latencies } = trafficWithin(history, baseline).all;
  return {
    p50: latencies.judged.percentile(50) ?? NaN,
    p95: latencies.judged.percentile(95) ?? NaN,
    offered,
    failed,
    verdict: document.verdict,
    outage: outageOf(document),
    writes: document.checks.find(({ name }) => name.startsWith('acknowledged'))?.observed ?? 'not judged',
  };
}

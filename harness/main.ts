import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checks } from './checks/index.ts';
import { DockerControl } from './control/docker.ts';
import { ComposeTopology } from './control/topology.ts';
import { systemClock } from './core/clock.ts';
import type { Environment, Host } from './core/environment.ts';
import { type Log, silent } from './core/log.ts';
import type { Reporter, ResultStore } from './core/run.ts';
import { secretsOf } from './core/secrets.ts';
import type { Stopping } from './core/stop-rule.ts';
import type { TopologySpec } from './core/topology.ts';
import type { TopologyControl } from './core/topology-control.ts';
import type { Catalogue } from './engine/judge.ts';
import { Lock } from './engine/lock.ts';
import { StopFile } from './engine/stop-file.ts';
import { faults } from './faults/index.ts';
import { openLoad } from './load/engine.ts';
import { metrics } from './metrics/index.ts';
import { probes } from './probes/index.ts';
import { reporters } from './reporters/index.ts';
import { openStore } from './store/index.ts';

/** The composition root: the only file that knows every adapter. */
export const catalogue: Catalogue & { readonly metrics: readonly Stopping[] } = { faults, checks, metrics };
export const clock = systemClock;
export const load = openLoad;
export { probes };
export const fileReporters: readonly Reporter[] = reporters;

export type Env = Readonly<Record<string, string | undefined>>;

export const topologyControl = (spec: TopologySpec, env: Env, log: Log = silent): TopologyControl =>
  new ComposeTopology({ spec, docker: new DockerControl(log), env, log });

/** One run at a time on each topology, by its project's name. */
export const lockOf = (root: string, project: string): Lock => new Lock(join(root, '.chaos', `${project}.lock`));

/** Its kill switch. */
export const stopFileOf = (root: string, project: string): StopFile =>
  new StopFile(join(root, '.chaos', `${project}.stop`));

export const reportsDir = (root: string, env: Env): string => env['CHAOS_REPORTS'] ?? join(root, 'reports');

/** The results database: the user's by CHAOS_RESULTS_URL, else one embedded beside the reports. */
export const resultStore = (reports: string, env: Env, topology?: TopologySpec): Promise<ResultStore> =>
  openStore({
    reports,
    url: env['CHAOS_RESULTS_URL'],
    underTest: topology?.database,
    redact: secretsOf(env, topology),
  });

const run = promisify(execFile);

async function said(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(command, [...args], { cwd, timeout: 5_000 });
    return stdout.trim();
  } catch {
    return '';
  }
}

/** Facts about this machine and this version, for the record. */
export async function hostFacts(root: string, command: string, version: string): Promise<Host> {
  const [commit, status] = await Promise.all([
    said('git', ['rev-parse', '--short', 'HEAD'], root),
    said('git', ['status', '--porcelain'], root),
  ]);
  return {
    harness: version,
    commit,
    dirty: status !== '',
    node: process.version,
    cores: cpus().length,
    memory_mib: Math.round(totalmem() / 1_048_576),
    kernel: release(),
    command,
  };
}

/** The same, and about the engine and the images under test. */
export async function environment(
  root: string,
  command: string,
  version: string,
  topology: TopologyControl,
): Promise<Environment> {
  const [host, compose, described] = await Promise.all([
    hostFacts(root, command, version),
    said('docker', ['compose', 'version', '--short'], root),
    topology.describe(),
  ]);
  return { ...host, engine: described.engine, compose, images: described.images };
}

/** Removes every container, network and volume of every topology that was ever started here, helpers included. */
export async function removeEverything(say: (line: string) => void): Promise<void> {
  await new DockerControl().removeLabelled(say);
}

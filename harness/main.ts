import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checks } from './checks/index.ts';
import { composeReader } from './control/compose/reader.ts';
import { DockerControl } from './control/docker/docker.ts';
import { ComposeTopology } from './control/topology.ts';
import { systemClock } from './core/clock.ts';
import { ChaosError } from './core/errors.ts';
import type { Problem } from './core/plan/problem.ts';
import type { Known } from './core/kinds/known.ts';
import type { Environment, Host } from './core/record/environment.ts';
import { type Log, silent } from './core/log.ts';
import type { Reporter, ResultStore } from './core/record/run.ts';
import { secretsOf } from './core/text/secrets.ts';
import type { Env } from './core/topology/compose.ts';
import type { TopologySpec } from './core/topology/spec.ts';
import type { TopologyControl } from './core/topology/control.ts';
import { controllers } from './controllers/index.ts';
import { faults } from './faults/index.ts';
import { openLoad } from './load/engine.ts';
import { series } from './series/index.ts';
import { probes } from './probes/index.ts';
import { protocols } from './protocols/index.ts';
import { roleSources } from './roles/index.ts';
import { logLevel, openLog } from './log.ts';
import { readTopology, renderProblems, variablesOf } from './plan/index.ts';
import { confirmedBy } from './core/trend/answers.ts';
import { trendOf } from './core/trend/trend.ts';
import { writeWhole } from './disk/whole.ts';
import { answersIn, readSummaries, trendRuns } from './record/summaries.ts';
import { trendPage } from './reporters/html/trend/page.ts';
import { reporters } from './reporters/index.ts';
import type { SessionParts } from './session/parts.ts';
import {
  allPlaces,
  type Engine,
  knownPlaces,
  type Places,
  placesOf,
  runsWithNotes,
  stateFolder,
} from './session/places.ts';
import { steps } from './steps/index.ts';
import { openStore } from './store/index.ts';

/** The composition root: the only file that knows every adapter. */
export const catalogue: Known = { faults, checks, series, steps, controllers };
export const clock = systemClock;
export const load = openLoad;
export { probes, protocols, roleSources };
export const fileReporters: readonly Reporter[] = reporters;

/** One reader for the process. It asks Compose once for a topology, however many experiments name it. */
export const compose = composeReader();

/** Reads the topology of compose files: see `readTopology`. */
export const topologySpec = (
  files: readonly string[],
  env: Env,
  warn: (problem: Problem) => void = () => undefined,
): TopologySpec => readTopology({ files, env, compose }, warn);

export const topologyControl = (spec: TopologySpec, env: Env, log: Log = silent): TopologyControl =>
  new ComposeTopology({ spec, docker: new DockerControl(log, env), env, log });

/**
 * Returns the ids of the images that a run would have now, by service: of the containers that are there, else of the
 * images that the compose file names. Undefined when no engine answers.
 */
export async function imagesNow(spec: TopologySpec, env: Env): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    await using topology = topologyControl(spec, env);
    return (await topology.describe()).images;
  } catch (error) {
    if (error instanceof ChaosError) return undefined;
    throw error;
  }
}

/**
 * Returns the folder that holds the folders of the runs: CHAOS_REPORTS, or reports/ in the checkout. A relative path
 * counts from the checkout, so it is the same from every folder.
 */
export const reportsDir = (root: string, env: Env): string => resolve(root, env['CHAOS_REPORTS'] ?? 'reports');

/** Returns where the engine is asked, and how to ask for its ID. This ID is in the path of a topology's state. */
function engine(env: Env): Engine {
  const docker = new DockerControl(silent, env);
  return { endpoint: docker.endpoint, id: () => docker.id() };
}

/** Returns where the state of a topology is kept, the same from every checkout and folder. */
export const placesOfTopology = (project: string, env: Env): Promise<Places> =>
  placesOf(stateFolder(env), engine(env), project);

/** Returns where the state of a topology is kept, without asking the engine. Undefined when the engine has never
 * answered this user. */
export const knownPlacesOfTopology = (project: string, env: Env): Places | undefined =>
  knownPlaces(stateFolder(env), engine(env), project);

/** Returns the places of each topology for which this user has state on this engine. */
export const everyPlace = (env: Env): Promise<readonly Places[]> => allPlaces(stateFolder(env), engine(env));

/** Returns the runs of this user of which something may still be in force, without asking the engine. */
export const runsToHeal = (env: Env): ReadonlySet<string> => runsWithNotes(stateFolder(env));

/** Opens the results database: the database of CHAOS_RESULTS_URL, else an embedded database beside the reports. */
export const resultStore = (reports: string, env: Env, topology?: TopologySpec): Promise<ResultStore> =>
  openStore({
    reports,
    url: env['CHAOS_RESULTS_URL'],
    underTest: topology?.database,
    redact: secretsOf(env, topology),
  });

/** The page over all runs, in the folder that holds them. */
export const INDEX_FILE = 'index.html';

/** Writes the page over all runs in this folder. Throws CHAOS_NOT_WRITABLE or CHAOS_DISK_FULL. */
export function writeIndex(reports: string): void {
  const summaries = readSummaries(reports);
  const document = trendOf(trendRuns(summaries), confirmedBy(answersIn(summaries)));
  const version = versionOf(fileURLToPath(new URL('..', import.meta.url)));
  writeWhole(join(reports, INDEX_FILE), trendPage(document, { from: reports, version }));
}

const run = promisify(execFile);

async function outputOf(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(command, [...args], { cwd, timeout: 5_000 });
    return stdout.trim();
  } catch {
    return '';
  }
}

/** Returns the version in package.json in this folder. */
export function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Returns facts about this machine and this version, for the record. `command`: the command as typed. */
export async function hostFacts(root: string, command: string): Promise<Host> {
  const [commit, status] = await Promise.all([
    outputOf('git', ['rev-parse', '--short', 'HEAD'], root),
    outputOf('git', ['status', '--porcelain'], root),
  ]);
  return {
    harness: versionOf(root),
    commit,
    dirty: status !== '',
    node: process.version,
    cores: cpus().length,
    memory_mib: Math.round(totalmem() / 1_048_576),
    kernel: release(),
    command,
  };
}

/** Returns the facts of `hostFacts`, and facts about the engine and the images under test. */
async function environment(root: string, command: string, topology: TopologyControl): Promise<Environment> {
  const [host, compose, described] = await Promise.all([
    hostFacts(root, command),
    outputOf('docker', ['compose', 'version', '--short'], root),
    topology.describe(),
  ]);
  return { ...host, engine: described.engine, compose, images: described.images };
}

export interface PartsOptions {
  readonly root: string;
  readonly env: Env;
  /** The command as typed, for the record. */
  readonly command: string;
  /** The folder that holds the folders of the runs. Default: `reportsDir`. */
  readonly reports?: string | undefined;
  readonly say: (line: string) => void;
}

/** Returns the parts of a session. Throws CHAOS_WRONG_VALUE when CHAOS_LOG_LEVEL is unknown. */
export function sessionParts({ root, env, command, reports = reportsDir(root, env), say }: PartsOptions): SessionParts {
  const level = logLevel(env);
  return {
    env,
    root,
    state: stateFolder(env),
    engine: engine(env),
    reports,
    clock,
    catalogue,
    load,
    probes,
    reporters,
    guardianScript: fileURLToPath(new URL('./guardian.ts', import.meta.url)),
    topologyControl: (spec, options = {}) => topologyControl(spec, options.env ?? env, options.log),
    readTopology: (files) => topologySpec(files, env, (problem) => say(renderProblems([problem], root).trimEnd())),
    variablesOf: (files) => variablesOf(files, env),
    openLog: (dir, by, redact) => openLog({ dir, by, level, redact }),
    openStore: (folder, spec) => resultStore(folder, env, spec),
    writeIndex,
    environment: (topology) => environment(root, command, topology),
    say,
  };
}

/** Removes every container, network and volume with a label of the harness, in every project. Helper containers have
 * such a label too. */
export async function removeEverything(env: Env, say: (line: string) => void): Promise<void> {
  await new DockerControl(silent, env).removeLabelled(say);
}

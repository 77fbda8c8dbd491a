import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checks } from './checks/index.ts';
import type { Own } from './config/config.ts';
import type { Taken } from './config/mistakes.ts';
import { configFile, readConfig } from './config/read.ts';
import { composeReader } from './control/compose/reader.ts';
import { DockerControl } from './control/docker/docker.ts';
import { PrometheusControl } from './control/prometheus/prometheus.ts';
import { ComposeTopology } from './control/topology.ts';
import { systemClock } from './core/clock.ts';
import { ChaosError, describeError } from './core/errors.ts';
import type { Problem } from './core/plan/problem.ts';
import type { Known } from './core/kinds/known.ts';
import { moduleBeside, PUBLISHED } from './core/module.ts';
import type { Environment, Host } from './core/record/environment.ts';
import { type Log, silent } from './core/log.ts';
import { NO_OUT, type Out } from './core/out/out.ts';
import type { Reporter, ResultStore } from './core/record/run.ts';
import type { SampleSource } from './core/sla/counters.ts';
import { secretsOf } from './core/text/secrets.ts';
import type { Env } from './core/topology/compose.ts';
import type { MonitoringSpec, TopologySpec } from './core/topology/spec.ts';
import type { TopologyControl } from './core/topology/control.ts';
import { controllers } from './controllers/index.ts';
import { faults } from './faults/index.ts';
import { openLoad } from './load/engine.ts';
import { series } from './series/index.ts';
import { outOf } from './out/out.ts';
import { probes } from './probes/index.ts';
import { protocols } from './protocols/index.ts';
import { roleSources } from './roles/index.ts';
import { logLevel, openLog } from './log.ts';
import { type Monitoring, readTopology, renderProblems, variablesOf } from './plan/index.ts';
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

/** Everything that an experiment may name, and everything that writes a file of a run. */
export type Catalogues = Known & Pick<SessionParts, 'reporters'>;

/** The files of a run that no reporter writes. */
const RECORD_FILES = ['run.json', 'load.json', 'noise.json', 'events.ndjson', 'seal.json', 'samples', 'logs'];
const namesOf = (...lists: readonly (readonly { readonly name: string }[])[]): readonly string[] =>
  lists.flat().map(({ name }) => name);
const taken: Taken = {
  faults: namesOf(faults, steps),
  figures: namesOf(checks, series),
  reporters: namesOf(reporters),
  files: [...RECORD_FILES, ...reporters.map(({ file }) => file)],
};

/**
 * Returns the catalogues of this version together with what the user's `chaos.config.ts` adds: the file beside the first
 * of the compose files, else the file in the working folder. Runs that file. Throws CHAOS_CONFIG with the place when the
 * file throws or is malformed.
 */
export async function cataloguesFor(composeFiles: readonly string[], cwd: string): Promise<Catalogues> {
  const own = await readConfig(configFile(composeFiles, cwd), taken);
  const known = joined.get(own) ?? withOwn(own);
  joined.set(own, known);
  return known;
}

/** The same config always gives the same lists: the shape of an experiment is made once for its lists. */
const joined = new WeakMap<Own, Promise<Catalogues>>();

async function withOwn(own: Own): Promise<Catalogues> {
  if (own.file === undefined) return SHIPPED;
  const figures = [...series, ...own.series];
  // These three are about every series that there is. They are in the lists above already, and a module that is imported
  // both here and by a list, while both are loaded, may be used before it is ready.
  const [{ seriesCheck }, { waitWith }, { htmlReporter }] = await Promise.all([
    import('./checks/series/check.ts'),
    import('./steps/parts/waiting.ts'),
    import('./reporters/html/reporter.ts'),
  ]);
  return {
    ...catalogue,
    faults: [...faults, ...own.faults],
    checks: [...replaced(checks, seriesCheck(figures)), ...own.checks],
    series: figures,
    steps: replaced(steps, waitWith(figures)),
    reporters: [...replaced(reporters, htmlReporter(figures)), ...own.reporters],
  };
}

const replaced = <T extends { readonly name: string }>(list: readonly T[], by: T): readonly T[] =>
  list.map((one) => (one.name === by.name ? by : one));

/** One reader for the process. It asks Compose once for a topology, however many experiments name it. */
export const compose = composeReader();

/** Reads the topology of compose files: see `readTopology`. */
export const topologySpec = (
  files: readonly string[],
  env: Env,
  warn: (problem: Problem) => void = () => undefined,
  monitoring?: Monitoring,
): TopologySpec => readTopology({ files, env, compose, monitoring }, warn);

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
 * counts from the checkout, so it is the same from every folder. In the published package both count from the working
 * folder, which is the user's project.
 */
export const reportsDir = (root: string, env: Env): string =>
  resolve(projectOf(root), env['CHAOS_REPORTS'] ?? 'reports');

/** Returns the folder of the user's project: the checkout, or the working folder when this is the published package. */
const projectOf = (root: string): string => (PUBLISHED ? process.cwd() : root);

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

/**
 * Opens the results database: the database of CHAOS_RESULTS_URL, else an embedded database beside the reports. `warn`
 * receives a sentence about a database that an earlier version has left there.
 */
export const resultStore = (
  reports: string,
  env: Env,
  warn: (message: string) => void,
  topology?: TopologySpec,
): Promise<ResultStore> =>
  openStore({
    reports,
    url: env['CHAOS_RESULTS_URL'],
    underTest: topology?.database,
    redact: secretsOf(env, topology),
    warn,
  });

/**
 * Returns how others are told about runs, for a process that heals. A wrong environment must not stop the healing: then
 * nobody is told.
 */
export function outWhileHealing(env: Env, warn: (line: string) => void): Out {
  try {
    return outOf(env, clock);
  } catch (error) {
    warn(`nobody is told about the run: ${describeError(error)}`);
    return NO_OUT;
  }
}

/** Returns where the raw samples of a user's Prometheus come from. The values of headers come from the environment. */
export function prometheusAt(at: Pick<MonitoringSpec, 'prometheus' | 'headers' | 'ca'>, env: Env): SampleSource {
  const prometheus = new PrometheusControl(at, env);
  return {
    samples: async (selector, { started, ended }) =>
      (await prometheus.samples(selector, started, ended)).map(({ labels, points }) => ({ labels, samples: points })),
  };
}

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
  // Git would speak about the project that the published package is installed in, and the commit is the harness's own.
  const git = (...args: string[]): Promise<string> => (PUBLISHED ? Promise.resolve('') : outputOf('git', args, root));
  const [commit, status] = await Promise.all([git('rev-parse', '--short', 'HEAD'), git('status', '--porcelain')]);
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

const SHIPPED: Catalogues = { ...catalogue, reporters };

export interface PartsOptions {
  readonly root: string;
  readonly env: Env;
  /** The command as typed, for the record. */
  readonly command: string;
  /** The folder that holds the folders of the runs. Default: `reportsDir`. */
  readonly reports?: string | undefined;
  readonly say: (line: string) => void;
  /** What a run may name. Default: what ships. */
  readonly known?: Catalogues | undefined;
}

/** Returns the parts of a session. Throws CHAOS_WRONG_VALUE when CHAOS_LOG_LEVEL or a webhook is wrong. */
export function sessionParts(options: PartsOptions): SessionParts {
  const { root, env, command, reports = reportsDir(root, env), say, known = SHIPPED } = options;
  const level = logLevel(env);
  return {
    env,
    root: projectOf(root),
    state: stateFolder(env),
    engine: engine(env),
    reports,
    clock,
    catalogue: known,
    load,
    probes,
    reporters: known.reporters,
    guardianScript: fileURLToPath(moduleBeside('./guardian', import.meta.url)),
    topologyControl: (spec, options = {}) => topologyControl(spec, options.env ?? env, options.log),
    readTopology: ({ files, monitoring }) => {
      const warn = (problem: Problem): void => say(renderProblems([problem], root).trimEnd());
      return topologySpec(files, env, warn, monitoring?.profile === undefined ? monitoring : 'own');
    },
    variablesOf: (files) => variablesOf(files, env),
    openLog: (dir, by, redact) => openLog({ dir, by, level, redact }),
    openStore: (folder, spec) => resultStore(folder, env, (message) => say(`warning: ${message}`), spec),
    writeIndex,
    out: outOf(env, clock),
    environment: (topology) => environment(root, command, topology),
    say,
  };
}

/** Removes every container, network and volume with a label of the harness, in every project. Helper containers have
 * such a label too. */
export async function removeEverything(env: Env, say: (line: string) => void): Promise<void> {
  await new DockerControl(silent, env).removeLabelled(say);
}

/** Returns the containers, networks and volumes of a project, whoever made them: "volume shop_data". */
export const remainsOf = (project: string, env: Env): Promise<readonly string[]> =>
  new DockerControl(silent, env).remains(project);

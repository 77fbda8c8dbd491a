import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, freemem, platform, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { appImageNames } from './app-images.ts';
import { BASE_TAGS } from './base-images.ts';
import { atLeast, LEAST_COMPOSE, LEAST_ENGINE, pluginVersion } from './engine.ts';
import { imageIds } from './images.ts';
import { createShell } from './shell.ts';
import type { Shell } from './shell.ts';

/** One thing that is so on this machine, whether it will do, and what to do where it will not. */
export interface Fact {
  readonly name: string;
  readonly ok: boolean;
  readonly value: string;
  readonly remedy: string;
}

/** Ports on 127.0.0.1 that the topology publishes: what they are for, the variable that moves them, the default. */
const PORTS = [
  { purpose: 'http', variable: 'CHAOS_HTTP_PORT', fallback: 18080 },
  { purpose: 'toxiproxy', variable: 'CHAOS_TOXIPROXY_PORT', fallback: 18474 },
  { purpose: 'sql', variable: 'CHAOS_SQL_PORT', fallback: 15432 },
  { purpose: 'redis', variable: 'CHAOS_REDIS_PORT', fallback: 16379 },
] as const;

const LEAST_NODE = '24.0';
const GIB = 1024 ** 3;
const LEAST_DISK_GIB = 5;
const LEAST_MEMORY_GIB = 1;
const CLOCK_WATCH_MS = 250;
/** Two clocks read one after the other may differ by a scheduling delay; a step is larger. */
const CLOCK_STEP_MS = 20;

const SET_UP = 'Run `npx chaos setup`.';

/**
 * Looks at everything that a run stands on. Changes nothing, needs no engine to answer, and takes about as long as the
 * slowest look (half a second; up to 10 s where an engine hangs).
 */
export async function collectFacts(root: string): Promise<Fact[]> {
  const shell = createShell();
  const info = readEngineInfo(shell);
  const groups = await Promise.all([
    Promise.resolve([nodeFact(process.versions.node)]),
    info.then((engine) => [engineFact(engine)]),
    pluginVersion(shell, 'compose').then((version) => [composeFact(version)]),
    pluginVersion(shell, 'buildx').then((version) => [buildxFact(version)]),
    imageFacts(shell, root),
    portFacts(shell),
    info.then(async (engine) => [await diskFact(engine?.root, root)]),
    clockFact(shell).then((fact) => [fact]),
    info.then((engine) => [coresFact(Math.min(availableParallelism(), engine?.cpus ?? Infinity)), memoryFact()]),
    info.then((engine) => [netemFact(), userlandProxyFact(engine !== undefined)]),
  ]);
  return groups.flat();
}

export function nodeFact(version: string): Fact {
  return {
    name: 'node',
    ok: atLeast(version, LEAST_NODE),
    value: version,
    remedy:
      'Start through `npx chaos` or harness/chaos after `npm ci`, which brings Node 24 along on Linux x64; elsewhere install Node 24.',
  };
}

interface EngineInfo {
  readonly version: string;
  readonly root: string;
  readonly cpus: number;
  readonly system: string;
}

const INFO_FORMAT = '{{.ServerVersion}}|{{.DockerRootDir}}|{{.NCPU}}|{{.OperatingSystem}}';

async function readEngineInfo(shell: Shell): Promise<EngineInfo | undefined> {
  const { code, stdout } = await shell('docker', ['info', '--format', INFO_FORMAT], { deadlineMs: 10_000 });
  return code === 0 ? parseEngineInfo(stdout) : undefined;
}

export function parseEngineInfo(text: string): EngineInfo | undefined {
  const [version, root, cpus, system] = text.trim().split('|');
  if (!version || !root || !Number.isInteger(Number(cpus))) return undefined;
  return { version, root, cpus: Number(cpus), system: system ?? '' };
}

export function engineFact(engine: EngineInfo | undefined): Fact {
  const remedy =
    engine === undefined
      ? 'Run `npx chaos setup`: it starts an engine that is installed, and installs one as root on Debian. Elsewhere start Docker by hand.'
      : `Upgrade Docker to ${LEAST_ENGINE} or later; the set-up never replaces an engine that answers.`;
  return {
    name: 'engine',
    ok: engine !== undefined && atLeast(engine.version, LEAST_ENGINE),
    value: engine === undefined ? 'no answer' : `${engine.version} on ${engine.system}`,
    remedy,
  };
}

export function composeFact(version: string | undefined): Fact {
  return {
    name: 'compose',
    ok: version !== undefined && atLeast(version, LEAST_COMPOSE),
    value: version ?? 'missing',
    remedy: `Install Compose ${LEAST_COMPOSE} or later (docker-compose-plugin): healthchecks use start_interval.`,
  };
}

function buildxFact(version: string | undefined): Fact {
  return {
    name: 'buildx',
    ok: version !== undefined,
    value: version ?? 'missing',
    remedy: 'Install docker-buildx-plugin (Debian: docker-buildx).',
  };
}

async function imageFacts(shell: Shell, root: string): Promise<Fact[]> {
  // Without Compose the names of ours cannot be told; the fact about Compose says so.
  const ours = await appImageNames(shell, root).catch(() => []);
  const names = [...new Set([...BASE_TAGS, ...ours])];
  const ids = await imageIds(shell, names);
  return names.map((name) => {
    const id = ids?.[name];
    const value =
      ids === undefined ? 'unknown: no engine answers' : (id?.replace('sha256:', '').slice(0, 12) ?? 'missing');
    return {
      name: `image ${name}`,
      ok: id !== undefined,
      value,
      remedy: `${SET_UP} It pulls or builds what is missing.`,
    };
  });
}

async function portFacts(shell: Shell): Promise<Fact[]> {
  return await Promise.all(
    PORTS.map(async ({ purpose, variable, fallback }) => {
      const port = readPort(process.env[variable], fallback);
      const name = `port ${purpose}`;
      const remedy = `Free the port, or give another one: ${variable}=<port>.`;
      if (port === undefined) return { name, ok: false, value: `${variable} is not a port number`, remedy };
      if (await isFree(port)) return { name, ok: true, value: `${String(port)} free`, remedy };
      const format = '{{.Label "chaos.topology"}}|{{.Names}}';
      const { stdout } = await shell('docker', ['ps', '--filter', `publish=${String(port)}`, '--format', format], {
        deadlineMs: 10_000,
      });
      return { name, ...portHolder(port, stdout), remedy };
    }),
  );
}

export function readPort(text: string | undefined, fallback: number): number | undefined {
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/** Reads `label|container` of whatever publishes the port; a label means that it is a topology of ours. */
export function portHolder(port: number, listing: string): Pick<Fact, 'ok' | 'value'> {
  const [line = ''] = listing.trim().split('\n');
  const [label = '', container = ''] = line.split('|');
  if (container === '') return { ok: false, value: `${String(port)} held by another program` };
  if (label === '')
    return { ok: false, value: `${String(port)} held by the container ${container}, which is not ours` };
  return { ok: true, value: `${String(port)} held by our own topology (${container})` };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

async function diskFact(engineRoot: string | undefined, root: string): Promise<Fact> {
  // Docker Desktop keeps its images inside a virtual machine: then the clone's own disk is the nearest thing to look at.
  const visible = engineRoot !== undefined && existsSync(engineRoot);
  const place = visible ? engineRoot : root;
  const { bavail, bsize } = await statfs(place);
  const free = (bavail * bsize) / GIB;
  return {
    name: 'disk',
    ok: free >= LEAST_DISK_GIB,
    value: `${free.toFixed(1)} GiB free ${visible ? "in the engine's store" : "beside the clone (the engine's own store is out of sight)"}`,
    remedy: `Free ${String(LEAST_DISK_GIB)} GiB: \`docker system df\` shows what the engine holds, \`docker image prune\` drops what no one uses.`,
  };
}

async function clockFact(shell: Shell): Promise<Fact> {
  const wall = Date.now();
  const monotonic = performance.now();
  const [synchronised] = await Promise.all([readSynchronised(shell), sleep(CLOCK_WATCH_MS)]);
  const stepMs = Math.abs(Date.now() - wall - (performance.now() - monotonic));
  return describeClock(stepMs, synchronised);
}

async function readSynchronised(shell: Shell): Promise<boolean | undefined> {
  if (existsSync('/run/systemd/timesync/synchronized')) return true;
  const { code, stdout } = await shell('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    deadlineMs: 2_000,
  });
  const answer = stdout.trim();
  return code === 0 && (answer === 'yes' || answer === 'no') ? answer === 'yes' : undefined;
}

export function describeClock(stepMs: number, synchronised: boolean | undefined): Fact {
  const steady = stepMs < CLOCK_STEP_MS;
  const sync =
    synchronised === undefined
      ? 'whether it is synchronised cannot be told here'
      : synchronised
        ? 'synchronised'
        : 'not synchronised';
  return {
    name: 'clock',
    ok: steady,
    value: `${steady ? 'steady' : `stepped by ${stepMs.toFixed(0)} ms in a quarter of a second`}; ${sync}`,
    remedy:
      'Let one time service keep the clock (systemd-timesyncd or chrony), and wait until it has stepped; durations are measured monotonically either way.',
  };
}

export function coresFact(cores: number): Fact {
  return {
    name: 'cores',
    ok: cores >= 2,
    value: `${String(cores)}, ${cores >= 2 ? `${String(cores - 1)} beside the one for the load generator` : 'none left for the load generator'}`,
    remedy:
      'Give the machine, or the virtual machine of the engine, at least 2 cores: the generator must not be starved by what it measures.',
  };
}

function memoryFact(): Fact {
  const free = availableMemory() / GIB;
  return {
    name: 'memory',
    ok: free >= LEAST_MEMORY_GIB,
    value: `${free.toFixed(1)} of ${(totalmem() / GIB).toFixed(1)} GiB available`,
    remedy: `Free ${String(LEAST_MEMORY_GIB)} GiB: the topology takes 0.4 GiB, each further replica 33 MiB.`,
  };
}

function availableMemory(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1];
  return kib === undefined ? freemem() : Number(kib) * 1024;
}

/** What the kernel's own build says about a scheduler: built in, a module, or not there. Undefined where it says nothing. */
export function netemFromKernelConfig(config: string): 'built in' | 'a module' | 'missing' | undefined {
  if (!config.includes('CONFIG_NET_SCH')) return undefined;
  const setting = /^CONFIG_NET_SCH_NETEM=([ym])$/m.exec(config)?.[1];
  return setting === 'y' ? 'built in' : setting === 'm' ? 'a module' : 'missing';
}

function netemFact(): Fact {
  const release = readText('/proc/sys/kernel/osrelease').trim();
  let config = readText(`/boot/config-${release}`);
  try {
    config = gunzipSync(readFileSync('/proc/config.gz')).toString('utf8');
  } catch {
    // Many kernels do not show it; the file in /boot or nothing then.
  }
  return {
    name: 'sch_netem',
    ok: true,
    value: netemFromKernelConfig(config) ?? 'unknown: the kernel does not say; a fault that wants it finds out',
    remedy:
      'Without it, packet loss and delay below TCP cannot be injected by tc; faults use Toxiproxy and iptables instead and say so. Where it is a module, `modprobe sch_netem` loads it.',
  };
}

/** Whether docker-proxy stands in the path to published ports, from the daemon's arguments and its file. */
export function userlandProxyState(arguments_: readonly string[], daemonJson: string): 'on' | 'off' {
  const flag = arguments_.findLast((argument) => argument.startsWith('--userland-proxy'));
  if (flag !== undefined && /^--userland-proxy(=|$)/.test(flag)) return flag.endsWith('=false') ? 'off' : 'on';
  return /"userland-proxy"\s*:\s*false/.test(daemonJson) ? 'off' : 'on';
}

function userlandProxyFact(answers: boolean): Fact {
  const remedy =
    'Where it is on, docker-proxy copies every byte of the measured path: `"userland-proxy": false` in the engine\'s daemon.json takes it out (restart the engine).';
  const pid = readText('/var/run/docker.pid').trim();
  const commandLine = pid === '' ? '' : readText(`/proc/${pid}/cmdline`);
  const seen = commandLine !== '' && answers;
  const state = seen ? userlandProxyState(commandLine.split('\0'), readText('/etc/docker/daemon.json')) : undefined;
  const guess =
    platform() === 'linux'
      ? "unknown: the daemon's arguments are out of sight"
      : 'unknown: the engine runs in a virtual machine';
  return { name: 'userland-proxy', ok: true, value: state ?? guess, remedy };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

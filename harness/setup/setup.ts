import { ChaosError } from '../core/errors.ts';
import { allSettledOrFirstError } from '../core/settled.ts';
import { buildAppImages, ensureAppDependencies } from './app-images.ts';
import { BASE_TAGS, ensureSystemBases } from './base-images.ts';
import { browserPath, ensureBrowser } from './browser.ts';
import { ensureEngine } from './engine.ts';
import { imageIds } from './images.ts';
import { hasLooked, lookIntoImages } from './programs.ts';
import { withSetupLock } from './lock.ts';
import { createShell, openLog } from './shell.ts';
import type { Shell } from './shell.ts';
import { hashInputs, readStamp, staleness, writeStamp } from './stamp.ts';
import { formatElapsed, step } from './step.ts';
import type { Say } from './step.ts';
import { ensureToxiproxyBase } from './toxiproxy-image.ts';

export interface SetupOptions {
  /** The clone's directory. */
  readonly root: string;
  readonly say: Say;
  /** Build our images even when nothing changed. Never replaces an engine that answers. */
  readonly force?: boolean;
  /** Install what only the tests need, too: a browser. */
  readonly forTests?: boolean;
}

/**
 * Makes sure that the machine has everything that a run needs: an engine that answers, the three base images, our
 * images. It can be repeated. When there is nothing to do, it costs one call to the engine. Throws
 * CHAOS_ENGINE_MISSING, CHAOS_ENGINE_START, CHAOS_IMAGE_BUILD or CHAOS_SETUP_STEP, which say what is missing and what
 * to do.
 */
export async function setup({ root, say, force = false, forTests = false }: SetupOptions): Promise<void> {
  const started = performance.now();
  const elapsed = (): string => formatElapsed(performance.now() - started);
  const browserMissing = forTests && browserPath() === undefined;
  if (!force && !browserMissing && (await reasonToWork(createShell(), root)) === undefined) {
    say(`set-up: nothing to do (${elapsed()})`);
    return;
  }
  const log = openLog(root);
  const shell = createShell(log);
  try {
    await withSetupLock(root, say, async () => {
      // Another set-up may have done everything while this one waited.
      const reason = force ? 'the images are to be built again' : await reasonToWork(shell, root);
      if (reason !== undefined) {
        say(`set-up: ${reason}; details go to .chaos/setup.log`);
        await work(shell, say, root);
      }
      if (forTests) await ensureBrowser(shell, say);
    });
    say(`set-up: done (${elapsed()})`);
  } catch (error) {
    throw error instanceof ChaosError ? error : stopped(error);
  } finally {
    await new Promise<void>((resolve) => {
      log.end(() => {
        resolve();
      });
    });
  }
}

function stopped(cause: unknown): ChaosError {
  return new ChaosError('CHAOS_SETUP_STEP', {
    what: 'A step of the set-up failed.',
    hint: 'Read the end of .chaos/setup.log. Make sure that this user may write to the clone, and that the disk is not full.',
    exit: 'not-ready',
    cause,
  });
}

async function reasonToWork(shell: Shell, root: string): Promise<string | undefined> {
  const stamp = readStamp(root);
  const names = Object.keys(stamp?.images ?? {});
  const present = names.length === 0 ? {} : await imageIds(shell, names);
  if (present === undefined) return 'no engine answers';
  return (
    staleness(stamp, hashInputs(root), present) ?? (hasLooked(root) ? undefined : 'the images were not looked into')
  );
}

async function work(shell: Shell, say: Say, root: string): Promise<void> {
  // The hash is taken before the build. So a file that changes during the build is built the next time.
  const inputs = hashInputs(root);
  await allSettledOrFirstError([
    (async () => {
      const version = await ensureEngine(shell, say);
      say(`  engine: Docker ${version} answers`);
      await allSettledOrFirstError([ensureSystemBases(shell, say, root), ensureToxiproxyBase(shell, say)]);
    })(),
    ensureAppDependencies(shell, say, root),
  ]);
  const ours = await buildAppImages(shell, say, root);
  const images = (await imageIds(shell, [...new Set([...BASE_TAGS, ...ours])])) ?? {};
  writeStamp(root, inputs, images);
  await step(say, 'images: looking which programs are in them', () => lookIntoImages(shell, root, images));
}

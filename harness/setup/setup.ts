import { ChaosError } from '../core/errors.ts';
import { allSettledOrFirstError } from '../core/settled.ts';
import { buildAppImages, ensureAppDependencies } from './app-images.ts';
import { BASE_TAGS, ensureSystemBases } from './base-images.ts';
import { ensureEngine } from './engine.ts';
import { imageIds } from './images.ts';
import { withSetupLock } from './lock.ts';
import { createShell, openLog } from './shell.ts';
import type { Shell } from './shell.ts';
import { hashInputs, readStamp, staleness, writeStamp } from './stamp.ts';
import { formatElapsed } from './step.ts';
import type { Say } from './step.ts';
import { ensureToxiproxyBase } from './toxiproxy-image.ts';

export interface SetupOptions {
  /** The clone's directory. */
  readonly root: string;
  readonly say: Say;
  /** Build ours even where nothing changed. Never replaces an engine that answers. */
  readonly force?: boolean;
}

/**
 * Sees to everything that a run needs of the machine: an engine that answers, the three base images, our images.
 * Idempotent; where nothing is to do it costs one call to the engine. ChaosError (CHAOS_ENGINE_MISSING,
 * CHAOS_ENGINE_START, CHAOS_IMAGE_BUILD, CHAOS_SETUP_STEP) says what is missing and what to do about it.
 */
export async function setup({ root, say, force = false }: SetupOptions): Promise<void> {
  const started = performance.now();
  const elapsed = (): string => formatElapsed(performance.now() - started);
  if (!force && (await reasonToWork(createShell(), root)) === undefined) {
    say(`set-up: nothing to do (${elapsed()})`);
    return;
  }
  const log = openLog(root);
  const shell = createShell(log);
  try {
    await withSetupLock(root, say, async () => {
      // Another set-up may have done it all while this one waited.
      const reason = force ? 'asked for' : await reasonToWork(shell, root);
      if (reason === undefined) return;
      say(`set-up: ${reason}; details go to .chaos/setup.log`);
      await work(shell, say, root);
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
    what: 'A step of the set-up broke off.',
    hint: 'Read the end of .chaos/setup.log; see that this user may write to the clone, and that the disk is not full.',
    exit: 'not-ready',
    cause,
  });
}

async function reasonToWork(shell: Shell, root: string): Promise<string | undefined> {
  const stamp = readStamp(root);
  const names = Object.keys(stamp?.images ?? {});
  const present = names.length === 0 ? {} : await imageIds(shell, names);
  if (present === undefined) return 'no engine answers';
  return staleness(stamp, hashInputs(root), present);
}

async function work(shell: Shell, say: Say, root: string): Promise<void> {
  // Taken before the build: what changes while it runs is built the next time.
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
  const images = await imageIds(shell, [...new Set([...BASE_TAGS, ...ours])]);
  writeStamp(root, inputs, images ?? {});
}

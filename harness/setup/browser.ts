import { ensurePackages } from './apt.ts';
import { debianCodename, isRoot, onPath } from './engine.ts';
import type { Shell } from './shell.ts';
import { step } from './step.ts';
import type { Say } from './step.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Returns the path of a Chromium, undefined when there is none. */
export const browserPath = (): string | undefined =>
  NAMES.map((name) => onPath(name)).find((path) => path !== undefined);

/**
 * Makes sure that there is a browser, in which the tests look at the pages. When no browser can be installed, says why,
 * and does not fail: the tests of the pages are then skipped.
 */
export async function ensureBrowser(shell: Shell, say: Say): Promise<void> {
  if (browserPath() !== undefined) return;
  const codename = debianCodename();
  const without = (why: string): void => say(`  browser: none, and ${why}; tests of the pages will be skipped`);
  if (!isRoot() || codename === undefined || onPath('apt-get') === undefined) {
    without('only root on Debian can install Chromium here');
    return;
  }
  try {
    await step(say, 'browser: installing chromium', () => ensurePackages(shell, codename, ['chromium']));
  } catch {
    without('apt could not install Chromium');
  }
}

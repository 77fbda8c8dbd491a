import { type Browser, chromium, type Page } from 'playwright-core';
import { browserPath } from '../../../harness/setup/browser.ts';

/** When a page had drawn an event: both are epoch milliseconds, by the clock of this machine. */
interface Drawn {
  /** When the event was written. */
  readonly t: number;
  /** When the browser had painted it. */
  readonly at: number;
}

export function openBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error('no Chromium on this machine: apt-get install chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Opens the live page. It keeps when it has drawn what. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_920, height: 1_080 } });
  await context.addInitScript(`window.drawn = [];
    addEventListener('drawn', ({ detail }) => {
      const at = performance.timeOrigin + performance.now();
      for (const t of detail) window.drawn.push({ t, at });
    });`);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export const drawnBy = (page: Page): Promise<readonly Drawn[]> => page.evaluate<readonly Drawn[]>('window.drawn');

import type { Browser, Page } from 'playwright-core';
import { type Opened, openPage } from './tabs.ts';

/** Opens the page and joins under a name with the keyboard. */
export async function enterPage(browser: Browser, link: string, name: string): Promise<Opened> {
  const opened = await openPage(browser, link);
  await opened.tab.locator('#name[open]').waitFor();
  await opened.tab.locator('#who').fill(name);
  await opened.tab.keyboard.press('Enter');
  await opened.tab.locator('#name[open]').waitFor({ state: 'hidden' });
  return opened;
}

/** Presses a facilitator's key when its button can be pressed. `timeout`: milliseconds. */
export async function actByKey(tab: Page, name: string, key: string, timeout?: number): Promise<void> {
  await tab.locator(`button[data-act="${name}"]:enabled`).waitFor(timeout === undefined ? {} : { timeout });
  await tab.keyboard.press(key);
}

/** Rows of the log in an after-action report: the kind of an event, and its time in seconds since the day began. */
export const logOf = (report: Page): Promise<readonly (readonly [kind: string, t: number])[]> =>
  report.evaluate(
    `[...document.querySelectorAll('#log tbody tr')].map((row) => [row.querySelector('code').textContent, Number(row.dataset.t)])`,
  );
